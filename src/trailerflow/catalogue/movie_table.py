"""The user's own table of movies: a CSV file, checked row by row."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.movies.movie import Movie, id_order
from trailerflow.movies.titles import split_title

REQUIRED_COLUMNS = ("id", "title", "year")
OPTIONAL_COLUMNS = ("genres", "trailer", "media")
COLUMNS = REQUIRED_COLUMNS + OPTIONAL_COLUMNS

_MOVIE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_YEAR = re.compile(r"[0-9]{4}")
_FAULTS_SHOWN = 5


class RowFaultError(Exception):
    """What is wrong with one row, without its place."""


def read_movie_table(path: Path | str) -> list[Movie]:
    """Read and check the user's table of movies.

    The table is UTF-8 CSV with the columns ``id``, ``title``, ``year`` and, where wanted, ``genres``
    (separated by ``|``), ``trailer`` and ``media`` (a file, relative to the table's folder). A year cell
    may be empty; a title may end with its year in brackets, as in MovieLens.

    Args:
        path: The CSV file.

    Returns:
        The movies in the order of their ids, so that no table and no draw depends on the order of the rows.

    Raises:
        TrailerflowError: The file is missing, no UTF-8 CSV, empty, lacks or misspells a column, or has
            faulty rows: the first few are named with their row and fault, the others counted.
    """
    path = Path(path)
    return movies_in(table_text(path), path)


def movies_in(text: str, path: Path) -> list[Movie]:
    """The movies of a table of movies; see `read_movie_table`.

    Args:
        text: What the table holds.
        path: Its place, for messages and for the paths of media.
    """
    records = table_records(text, path)
    header = checked_header(path, records[0] if records else [])
    movies: list[Movie] = []
    faults: list[str] = []
    row_of: dict[str, int] = {}
    for row, cells in enumerate(records[1:], start=2):
        if not any(cells):
            continue
        try:
            movie = movie_of_row(header, cells, row, path.parent)
            if movie.id in row_of:
                raise RowFaultError(f"id is {movie.id!r}, as in row {row_of[movie.id]}")
            row_of[movie.id] = row
            movies.append(movie)
        except RowFaultError as fault:
            faults.append(f"{path}, row {row}: {fault}. Correct the row or remove it.")
    refuse_faults(path, faults)
    if not movies:
        raise TrailerflowError(f"{path} lists no movie; add a row for each movie below the header.")
    return sorted(movies, key=lambda movie: id_order(movie.id))


def refuse_faults(path: Path, faults: list[str]) -> None:
    """Raise the first few of a table's faults, one a line, and the number of the others.

    Raises:
        TrailerflowError: There is a fault.
    """
    if not faults:
        return
    more = len(faults) - _FAULTS_SHOWN
    counted = [f"{path}: {more} more faulty row{'s' if more > 1 else ''}."] if more > 0 else []
    raise TrailerflowError("\n".join(faults[:_FAULTS_SHOWN] + counted))


def table_text(path: Path) -> str:
    """What the CSV file holds, without a byte order mark.

    Raises:
        TrailerflowError: The file is missing or no UTF-8 text.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise TrailerflowError(
            f"catalogue.movies is {str(path)!r}, and there is no such file; correct the path."
        ) from None
    except IsADirectoryError:
        raise TrailerflowError(f"catalogue.movies is {str(path)!r}, a folder; name the CSV file.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TrailerflowError(
            f"{path}, line {line} is not UTF-8 text; save the table as UTF-8 CSV."
        ) from None


def table_records(text: str, path: Path) -> list[list[str]]:
    """All rows of a CSV file, each cell stripped.

    Raises:
        TrailerflowError: It is no CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [[cell.strip() for cell in cells] for cells in reader]
    except csv.Error as error:
        raise TrailerflowError(
            f"{path}, line {reader.line_num} is not CSV ({error}); look for a stray quotation mark."
        ) from None


def checked_header(path: Path, header: list[str]) -> list[str]:
    """The header, with each of the required columns and none that is unknown or twice there.

    Raises:
        TrailerflowError: It is another header.
    """
    for name in header:
        if name not in COLUMNS:
            raise TrailerflowError(f"{path}: {name!r} is not a column{_choice(name, COLUMNS)}")
    for name in REQUIRED_COLUMNS:
        if name not in header:
            raise TrailerflowError(f"{path}: column {name} is missing; the first row must name the columns.")
    for name in header:
        if header.count(name) > 1:
            raise TrailerflowError(f"{path}: column {name} stands twice in the header; remove one.")
    return header


def movie_of_row(header: list[str], cells: list[str], row: int, folder: Path) -> Movie:
    """Check one row's cells and give them their types.

    Raises:
        RowFaultError: A cell cannot be read.
    """
    if len(cells) != len(header):
        raise RowFaultError(
            f"there are {len(cells)} cells for {len(header)} columns (a text with a comma needs quotes)"
        )
    cell = dict(zip(header, cells, strict=True))
    title, year = _title_and_year(cell["title"], cell["year"])
    return Movie(
        id=_checked_id(cell["id"]),
        title=title,
        year=year,
        genres=_genres(cell.get("genres", "")),
        trailer=cell.get("trailer") or None,
        media=_media(cell.get("media", ""), folder),
        row=row,
    )


def _checked_id(text: str) -> str:
    """An id that is safe as a file name."""
    if not _MOVIE_ID.fullmatch(text):
        raise RowFaultError(
            f"id is {text!r}, and an id is 1 to 64 of the letters A-Z and a-z, digits, '_' and '-', "
            "the first a letter or a digit"
        )
    return text


def _title_and_year(title_cell: str, year_cell: str) -> tuple[str, int | None]:
    """Title and year, the year from its own cell or else from the title's end."""
    title, title_year = split_title(title_cell)
    if not title:
        raise RowFaultError("title is empty")
    if not year_cell:
        return title, title_year
    if not _YEAR.fullmatch(year_cell):
        fault = "not a year of four digits" if year_cell.isdecimal() else "not a number"
        raise RowFaultError(f"year is {year_cell!r}, {fault}")
    year = int(year_cell)
    if title_year not in (None, year):
        raise RowFaultError(f"year is {year}, but the title is {title_cell!r}")
    return title, year


def _genres(text: str) -> tuple[str, ...] | None:
    """Genres of a cell, in the order of `GENRES`; ``None`` for an empty cell."""
    names = {name for part in text.split("|") if (name := part.strip())}
    for name in sorted(names):
        if name not in GENRES:
            raise RowFaultError(f"{name!r} is not a genre{_choice(name, GENRES).rstrip('.')}")
    return tuple(name for name in GENRES if name in names) or None


def _media(text: str, folder: Path) -> str | None:
    """Path of the media file from the working folder; ``None`` for an empty cell."""
    if not text:
        return None
    path = os.path.normpath(folder / text)
    if not Path(path).is_file():
        raise RowFaultError(f"media is {text!r}, and there is no file {path}")
    return path


def _choice(name: str, names: Iterable[str]) -> str:
    """The nearest right name, or all of them."""
    by_lower_case = {right.lower(): right for right in names}
    near = get_close_matches(name.lower(), by_lower_case, n=1)
    return f"; did you mean {by_lower_case[near[0]]}?" if near else f"; choose among {', '.join(names)}."
