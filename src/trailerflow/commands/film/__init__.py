"""Show what is known of one film: its trailer's words, summaries, genres, nearest films, who would like it, costs."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from trailerflow.catalogue import list_movies
from trailerflow.commands.film.known import known_of
from trailerflow.commands.film.layout import page_text
from trailerflow.configuration.project import project_configuration
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.places import found

_DOWNLOADS = Path("resources/downloads")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``trailerflow film``, and of ``trailerflow why``: a film, and the configuration."""
    parser.add_argument("id", help="id of the film in the table of movies")
    parser.add_argument("--configfile", type=Path, help="configuration of the run")


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow film`` does in the present folder.

    Raises:
        TrailerflowError: There is no such film, or a document of it is damaged.
    """
    config = project_configuration(Path(), arguments.configfile)
    print(show_film(config, film_of_run(config, arguments.id), arguments.configfile))


def film_of_run(config: Mapping[str, Any], movie: str) -> Movie:
    """The film of an id.

    Raises:
        TrailerflowError: It is not in the run, or the run's films are not known yet.
    """
    catalogue = config["catalogue"]
    table = catalogue["movies"] and str(found(catalogue["movies"]))
    rows = list_movies(table, catalogue["archive"], _DOWNLOADS)
    if rows is None:
        raise TrailerflowError(
            "The archive of ratings is not here yet; snakemake --cores 2 catalogue fetches it."
        )
    films = {row.id: row for row in rows}
    if movie not in films:
        near = get_close_matches(movie, films, n=1)
        hint = f"did you mean {near[0]}, {films[near[0]].title}?" if near else "trailerflow add adds a film."
        raise TrailerflowError(f"This run has no film with the id {movie!r}; {hint}")
    return films[movie]


def show_film(config: Mapping[str, Any], movie: Movie, configfile: Path | None) -> str:
    """The page of a film, as plain text.

    Args:
        config: The configuration.
        movie: The film.
        configfile: The file that Snakemake is to be given with it, for the commands that the page names.
    """
    from trailerflow.commands.film.costs import cost_part
    from trailerflow.commands.film.genres import genre_part, genres_of
    from trailerflow.commands.film.nearest import audience_part, film_vectors, text_part
    from trailerflow.commands.film.trailer import summary_part, transcript_part, warning_part
    from trailerflow.commands.film.viewers import viewer_part

    known = known_of(config, movie, configfile)
    predicted, vectors = genres_of(known), film_vectors(known)
    parts = [
        transcript_part(known),
        summary_part(known),
        genre_part(known, predicted),
        text_part(known, vectors),
        audience_part(known),
        viewer_part(known, predicted, vectors),
        cost_part(known),
        warning_part(known),
    ]
    return page_text(known.heading(), parts)
