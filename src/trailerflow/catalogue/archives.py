"""Archives of ratings: which release a zip file holds, and the movies in it.

Four layouts are known by the files they hold: MovieLens-100K (``u.item``, ``u.data``), MovieLens-1M
(``movies.dat``, ``ratings.dat``), the newer releases (``movies.csv``, ``ratings.csv``; latest-small, 25M),
and MovieLens-100K as the ``recbole`` wheel carries it (``ml-100k.item``, ``ml-100k.inter``).
Format of the releases: F. M. Harper and J. A. Konstan, The MovieLens Datasets: History and Context,
ACM Transactions on Interactive Intelligent Systems 5(4), 2015, and the README in each archive.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import split_title
from trailerflow.outside import OutsideError, clean_text
from trailerflow.zip_files import open_member, opened_zip, read_member

MOST_MOVIE_BYTES = 100_000_000
"""Largest table of movies; that of MovieLens-32M has 4 million bytes."""

MOST_RATING_BYTES = 4_000_000_000
"""Largest table of ratings; that of MovieLens-32M has 900 million bytes."""

UNKNOWN_TITLE = "unknown"  # item 267 of MovieLens-100K: rated, but nobody knows which film it was

_SPELLINGS = {"Children": "Children's"}  # of the newer releases
_FIRST_FLAG = 6  # in u.item: id, title, release date, video date, URL and the flag "unknown" come before


class Layout(NamedTuple):
    """How a release writes its two tables.

    Attributes:
        movies: Name of the file of movies.
        ratings: Name of the file of ratings.
        header: Whether the first line of the two files (both or none) names the columns.
        cells: Parts a text of movies into the cells of each line.
        movie: Makes a movie of the cells of a line.
        separator: Separator of the ratings' cells, one character.
        columns: Names of the ratings' cells; ``""`` is a cell without meaning.
        people: Name of the file of users; ``""`` where the release has none.
        person: Names of the users' cells, from the first on.
    """

    movies: str
    ratings: str
    header: bool
    cells: Callable[[str], Iterator[list[str]]]
    movie: Callable[[list[str]], Movie]
    separator: str
    columns: tuple[str, ...]
    people: str = ""
    person: tuple[str, ...] = ()


def read_archive_movies(path: Path | str) -> list[Movie]:
    """Read the movies of an archive, with the standard library only.

    Args:
        path: A zip file in one of the known layouts.

    Returns:
        The movies in the order of the archive.

    Raises:
        TrailerflowError: The file is missing, not a (whole) zip file, of no known layout, or a line
            of its movies does not parse.
    """
    path = Path(path)
    with opened_archive(path) as archive:
        layout = archive_layout(archive, path)
        member = member_named(archive, layout.movies)
        text = member_text(archive, member)
    movies: list[Movie] = []
    seen: set[str] = set()
    for line, cells in enumerate(_lines(layout, text, path, member), start=1):
        if line == 1 and layout.header:
            continue
        try:
            movie = layout.movie(cells)
            if not movie.id.isdecimal() or not movie.title or movie.id in seen:
                raise ValueError
        except (ValueError, IndexError):
            raise line_fault(path, member, line, " ".join(cells)) from None
        seen.add(movie.id)
        movies.append(movie)
    return movies


def _lines(layout: Layout, text: str, path: Path, member: str) -> Iterator[list[str]]:
    """The cells of each line.

    Raises:
        TrailerflowError: The text is no CSV, as where a quotation mark is never closed.
    """
    read = 0
    try:
        for cells in layout.cells(text):
            read += 1
            yield cells
    except csv.Error as error:
        raise TrailerflowError(
            f"{path}: {clean_text(member)}, line {read + 1} is not CSV ({error}); look for a stray quotation mark there, or "
            "download the archive again."
        ) from None


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file; what is wrong with it, then or while it is read, becomes one sentence.

    Raises:
        TrailerflowError: The file is missing, not a whole zip file, or holds more than is read of it.
    """
    try:
        with opened_zip(path) as archive:
            yield archive
    except FileNotFoundError:
        raise TrailerflowError(f"The archive {path} is missing; correct catalogue.archive.") from None
    except IsADirectoryError:
        raise TrailerflowError(f"The archive {path} is a folder; give its .zip file.") from None
    except OutsideError as error:
        raise TrailerflowError(
            f"The archive {path} cannot be used: {error}; download it again, or pack it as a plain zip file."
        ) from None


def archive_layout(archive: zipfile.ZipFile, path: Path) -> Layout:
    """Tell an archive's layout by the files it holds.

    Raises:
        TrailerflowError: No layout's two files are there.
    """
    names = {name.rpartition("/")[2] for name in archive.namelist()}
    for layout in LAYOUTS:
        if {layout.movies, layout.ratings} <= names:
            return layout
    pairs = ", ".join(f"{layout.movies} with {layout.ratings}" for layout in LAYOUTS[:3])
    raise TrailerflowError(f"The archive {path} is no MovieLens release: it must hold {pairs}.")


def member_named(archive: zipfile.ZipFile, name: str) -> str:
    """Full name of the archive's file that is called ``name``, the one nearest to the top."""
    found = [member for member in archive.namelist() if member.rpartition("/")[2] == name]
    return min(found, key=lambda member: member.count("/"))


def line_fault(path: Path, member: str, line: int, text: str) -> TrailerflowError:
    """The error for a line that does not parse."""
    return TrailerflowError(
        f"{path}: {clean_text(member)}, line {line} does not parse ({text[:80]!r}); correct it or download again."
    )


def open_ratings(archive: zipfile.ZipFile, member: str) -> IO[bytes]:
    """Open one of the archive's files of ratings."""
    return open_member(archive, member, MOST_RATING_BYTES)


def member_text(archive: zipfile.ZipFile, member: str) -> str:
    """A table of films or users as text: the older releases are latin-1, the newer ones UTF-8."""
    data = read_member(archive, member, MOST_MOVIE_BYTES)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _known_genres(names: list[str]) -> tuple[str, ...]:
    """Those of the 18 genres that are named; "IMAX", "unknown" and "(no genres listed)" are none."""
    spelt = {_SPELLINGS.get(name, name) for name in names}
    return tuple(genre for genre in GENRES if genre in spelt)


def _separated_by(separator: str) -> Callable[[str], Iterator[list[str]]]:
    """A parser of lines whose cells are never quoted."""

    def cells(text: str) -> Iterator[list[str]]:
        # Not splitlines(): it also parts at U+0085, which latin-1 text may hold.
        return (line.rstrip("\r").split(separator) for line in text.removesuffix("\n").split("\n"))

    return cells


def _comma_separated(text: str) -> Iterator[list[str]]:
    """A parser of CSV text with quoted cells."""
    return csv.reader(io.StringIO(text, newline=""), strict=True)


def _movie_of_item(cells: list[str]) -> Movie:
    """A line of ``u.item``."""
    flags = cells[_FIRST_FLAG:]
    if len(flags) != len(GENRES) or not set(flags) <= {"0", "1"}:
        raise ValueError
    genres = tuple(genre for genre, flag in zip(GENRES, flags, strict=True) if flag == "1")
    return Movie(cells[0], *split_title(cells[1]), genres, release_date=cells[2] or None)


def _movie_of_three_cells(cells: list[str]) -> Movie:
    """A line of ``movies.dat`` or ``movies.csv``: id, title with year, genres."""
    number, title, genres = cells
    return Movie(number, *split_title(title), _known_genres(genres.split("|")))


def _movie_of_recbole(cells: list[str]) -> Movie:
    """A line of ``ml-100k.item``: the last brackets of the title stand in a cell of their own."""
    number, title, brackets, genres = cells
    if genres == "unknown" and title == "unkonwn":  # so spelt there
        return Movie(number, UNKNOWN_TITLE, None, ())
    return Movie(number, *split_title(f"{title} ({brackets})"), _known_genres(genres.split(" ")))


_RATING = ("user", "movie", "rating", "timestamp")
_PERSON = ("user", "age", "sex", "occupation")

LAYOUTS = (
    Layout("u.item", "u.data", False, _separated_by("|"), _movie_of_item, "\t", _RATING, "u.user", _PERSON),
    Layout(
        "movies.dat",
        "ratings.dat",
        False,
        _separated_by("::"),
        _movie_of_three_cells,
        ":",
        ("user", "", "movie", "", "rating", "", "timestamp"),
        "users.dat",
        ("user", "sex", "age", "occupation"),
    ),
    Layout("movies.csv", "ratings.csv", True, _comma_separated, _movie_of_three_cells, ",", _RATING),
    Layout(
        "ml-100k.item",
        "ml-100k.inter",
        True,
        _separated_by("\t"),
        _movie_of_recbole,
        "\t",
        _RATING,
        "ml-100k.user",
        _PERSON,
    ),
)
