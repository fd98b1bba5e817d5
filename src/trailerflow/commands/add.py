"""Add a film to the table of movies, run its own jobs and no others, and show what is known of it then."""

from __future__ import annotations

import argparse
import re
import subprocess
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from os.path import relpath
from pathlib import Path

from trailerflow.catalogue import ARCHIVES, downloaded_archive, needs_table, read_archive_movies
from trailerflow.catalogue.new_row import append_row, is_same_film
from trailerflow.commands.film import show_film
from trailerflow.commands.processes import refuse_while_running
from trailerflow.commands.snakemake_command import snakemake_command
from trailerflow.configuration.project import project_configuration
from trailerflow.errors import TrailerflowError
from trailerflow.lock import file_lock
from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import title_names
from trailerflow.places import CODE, found
from trailerflow.planning.film import film_targets
from trailerflow.planning.web import TABLE
from trailerflow.text import plain_words
from trailerflow.trailers.finding.media import SUFFIXES, media_kind
from trailerflow.trailers.youtube import video_id

FIRST_YEAR = 1888
"""Of the oldest film that is known, Roundhay Garden Scene."""

YEARS_AHEAD = 10
"""How long before its release a film may have a trailer."""

LONGEST_TITLE = 300
_LONGEST_NAME = 50
_NOT_WRITTEN = ("Cc", "Cs", "Zl", "Zp")
"""Categories of control characters, halves of surrogate pairs, and ends of lines and paragraphs."""

_LOCK = Path("run/movie_table.lock")
_DOWNLOADS = Path("resources/downloads")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``trailerflow add``."""
    parser.add_argument("title", help="title of the film")
    parser.add_argument("--year", type=int, required=True, help="year of its release")
    parser.add_argument(
        "--trailer",
        required=True,
        metavar="FILE|ID",
        help="the trailer's own file (subtitles, sound, video), or its id or address on YouTube",
    )
    parser.add_argument(
        "--id", help="id of the film; without it the archive's, or else one made of title and year"
    )
    parser.add_argument(
        "--genres", nargs="+", default=[], help="its genres, where they are known (MovieLens names)"
    )
    parser.add_argument("--cores", default="all", help="cores to use, or all")
    parser.add_argument("--configfile", type=Path, help="configuration of the run")


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow add`` does in the present folder.

    Raises:
        TrailerflowError: The film cannot be added, or its jobs could not be run.
    """
    refuse_while_running(Path.cwd())
    config = project_configuration(Path(), arguments.configfile)
    table = own_table(config["catalogue"]["movies"])
    title, year = checked_title(arguments.title), checked_year(arguments.year, datetime.now(UTC).year)
    cells = {
        "id": film_id(arguments.id, Movie("", title, year), archive_films(config["catalogue"]["archive"])),
        "title": title,
        "year": str(year),
        "genres": "|".join(arguments.genres),
        **trailer_cells(arguments.trailer, table, config["trailers"]["sources"]),
    }
    with file_lock(_LOCK):
        movie = append_row(table, cells)
    print(f"{table}: {movie.title} ({movie.year}) is row {movie.row}, with the id {movie.id}.", flush=True)
    make_film(film_targets(config, movie), arguments)
    print(show_film(config, movie, arguments.configfile))


def make_film(targets: list[str], arguments: argparse.Namespace) -> None:
    """Run the jobs of one film.

    Raises:
        TrailerflowError: Snakemake could not make all of them.
    """
    command = [*snakemake_command(Path()), "--cores", arguments.cores, *targets]
    if arguments.configfile is not None:
        command.append(f"--configfile={arguments.configfile}")
    if subprocess.run(command, check=False).returncode != 0:
        raise TrailerflowError(
            "The film is in the table, and not all of its jobs could be run; snakemake's messages above say why, "
            "and the next snakemake goes on with them."
        )


def own_table(name: str | None) -> Path:
    """The user's table of movies.

    Raises:
        TrailerflowError: There is none, or it is the sample's, which comes with the code.
    """
    if name is None:
        raise TrailerflowError(
            "catalogue.movies is null, so that every film of the archive is in the run; name a table of your own there."
        )
    path = found(name)
    if path.resolve().is_relative_to(CODE / "resources/sample"):
        raise TrailerflowError(
            f"{name} is the sample of trailerflow itself; copy the folder resources/sample, "
            "and name the table of the copy in catalogue.movies."
        )
    return path


def checked_title(title: str) -> str:
    """A title with single blanks.

    Raises:
        TrailerflowError: It is empty or too long, or has characters that no line can hold.
    """
    if any(unicodedata.category(letter) in _NOT_WRITTEN for letter in title):
        raise TrailerflowError(f"The title {title!r} has control characters; write it as one plain line.")
    whole = " ".join(title.split())
    if not whole or len(whole) > LONGEST_TITLE:
        fault = f"longer than {LONGEST_TITLE} characters" if whole else "empty"
        raise TrailerflowError(f"The title is {fault}; write the title of the film.")
    return whole


def checked_year(year: int, present: int) -> int:
    """A year in which a film may be released.

    Raises:
        TrailerflowError: It is none.
    """
    if not FIRST_YEAR <= year <= present + YEARS_AHEAD:
        raise TrailerflowError(
            f"The year {year} is none of a film; give one from {FIRST_YEAR} to {present + YEARS_AHEAD}."
        )
    return year


def trailer_cells(trailer: str, table: Path, sources: list[str]) -> dict[str, str]:
    """The cell that names a trailer: ``media`` for a file, ``trailer`` for a video.

    Args:
        trailer: A file, or an id or address of YouTube.
        table: The table, whose folder names of media files start from.
        sources: ``trailers.sources``.

    Raises:
        TrailerflowError: It is no file that can be a trailer, and no video.
    """
    path = Path(trailer)
    if path.is_file():
        return {"media": _media_cell(path, table)}
    if path.is_dir():
        raise TrailerflowError(f"The trailer {trailer} is a folder; name the file.")
    video = video_id(trailer)
    if video is None:
        looks_like_a_file = path.suffix or len(path.parts) > 1
        raise TrailerflowError(
            f"There is no file {trailer}; correct the path of the trailer."
            if looks_like_a_file
            else f"{trailer!r} is no file and no id of a YouTube video, which has 11 letters, digits, '-' and '_'; "
            "correct it."
        )
    if TABLE not in sources:
        raise TrailerflowError(
            f"trailers.sources is {', '.join(sources) or 'empty'}, so that no trailer of the table is asked for; "
            f"add {TABLE} to it, or give a file."
        )
    return {"trailer": video}


def _media_cell(path: Path, table: Path) -> str:
    if media_kind(path) is None:
        suffixes = " ".join(suffix for kind in SUFFIXES.values() for suffix in kind)
        raise TrailerflowError(
            f"{path} is no subtitles, sound or video by its name; it must end in one of {suffixes}."
        )
    if set("{}") & set(str(path)):
        raise TrailerflowError(f"{path}: Snakemake takes braces for a wildcard; give the file another name.")
    return relpath(path, table.parent)


def film_id(given: str | None, movie: Movie, archive: Mapping[str, Movie]) -> str:
    """The id of a new film: the one that is given, that of the archive, or one of its title and year.

    Args:
        given: What the user names, or None.
        movie: The film's title and year.
        archive: Films of the archive by id.

    Raises:
        TrailerflowError: The id is another film's in the archive, whose ratings it would get, or none can be made.
    """
    if given is not None:
        other = archive.get(given)
        if other is not None and not is_same_film(movie, other):
            raise TrailerflowError(
                f"The id {given} is {other.title} ({other.year}) in the archive, whose ratings the film would get; "
                "give it another."
            )
        return given
    for other in archive.values():
        if other.year == movie.year and is_same_film(movie, other):
            return other.id
    name = re.sub("[^a-z0-9]+", "-", " ".join(plain_words(title_names(movie.title)[0])))[:_LONGEST_NAME]
    if not name.strip("-"):
        raise TrailerflowError(f"No id can be made of the title {movie.title!r}; give one by --id.")
    return f"{name.strip('-')}-{movie.year}"


def archive_films(archive: str | None) -> dict[str, Movie]:
    """Films of the archive by id, as far as it is there and names them.

    Args:
        archive: ``catalogue.archive``.
    """
    if archive is None or needs_table(archive):
        return {}
    path: Path | None = downloaded_archive(archive, _DOWNLOADS) if archive in ARCHIVES else Path(archive)
    return {} if path is None else {movie.id: movie for movie in read_archive_movies(path)}
