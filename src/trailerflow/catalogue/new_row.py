"""One more film in the user's table of movies, of which every other byte stays as it is."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from trailerflow.catalogue.movie_table import (
    RowFaultError,
    checked_header,
    movie_of_row,
    movies_in,
    table_records,
    table_text,
)
from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing
from trailerflow.movies.forms import spelled_title
from trailerflow.movies.movie import Movie


def append_row(path: Path, cells: Mapping[str, str]) -> Movie:
    """Append a film to a table of movies, in one step.

    The table keeps its byte order mark, its columns and their order, and the line end of its header.

    Args:
        path: The table.
        cells: Column to cell, as `trailerflow.catalogue.movie_table.read_movie_table` reads them; empty where there is none.

    Returns:
        The film as the table's reader gives it.

    Raises:
        TrailerflowError: The table cannot be read or written or lacks a column, a cell is faulty, or the film is there.
    """
    text = table_text(path)
    known = movies_in(text, path)
    records = table_records(text, path)
    header = checked_header(path, records[0])
    if missing := [name for name, cell in cells.items() if cell and name not in header]:
        raise TrailerflowError(
            f"{path} has no column {missing[0]}, which this film needs; add it to the header, and a cell to every row."
        )
    row = [cells.get(name, "") for name in header]
    try:
        movie = movie_of_row(header, row, len(records) + 1, path.parent)
    except RowFaultError as fault:
        raise TrailerflowError(f"The film is not added: {fault}.") from None
    _refuse_known(movie, known, path)
    whole = path.read_bytes() + _appended(text, row).encode()
    if movies_in(whole.decode("utf-8-sig"), path) != [*known, movie]:
        raise TrailerflowError(
            f"{path} would not hold the film as it was given; look for blanks at the end of a file's name."
        )
    _write(path.resolve(), whole)
    return movie


def is_same_film(movie: Movie, other: Movie) -> bool:
    """Whether two rows are of one film: a title of both in its loosest form, and the same year or one that is not known.

    >>> is_same_film(Movie("1", "Postman, The (Postino, Il)", 1994), Movie("2", "Il postino", 1994))
    True
    """
    years = {movie.year, other.year} - {None}
    return len(years) < 2 and bool(_forms(movie) & _forms(other))


def _forms(movie: Movie) -> set[str]:
    """The loosest forms of a film's titles; a title of signs alone stands for itself."""
    return {spelled_title(name) or name for name in [movie.title, *movie.titles()]}


def _refuse_known(movie: Movie, known: Iterable[Movie], path: Path) -> None:
    for other in known:
        if is_same_film(movie, other):
            raise TrailerflowError(
                f"{path}, row {other.row} is this film already: {other.title} ({other.year or 'no year'}), id {other.id}; "
                "where it is another film of the title, write its row into the table yourself."
            )
        if other.id == movie.id:
            raise TrailerflowError(
                f"{path}, row {other.row} has the id {movie.id} already ({other.title}); give the film another by --id."
            )


def _appended(text: str, row: list[str]) -> str:
    """What is to be written behind a table for one more row."""
    end = _line_end(text)
    written = io.StringIO()
    csv.writer(written, lineterminator=end).writerow(row)
    return ("" if text.endswith(("\n", "\r")) else end) + written.getvalue()


def _line_end(text: str) -> str:
    """What ends the row of the header, which may have cells of several lines."""
    read: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            read.append(line)
            yield line

    next(csv.reader(lines(), strict=True))
    return read[-1][len(read[-1].rstrip("\r\n")) :] or "\n"


def _write(path: Path, data: bytes) -> None:
    if not os.access(path, os.W_OK):
        raise TrailerflowError(
            f"{path} may not be written; make it yours to write, or name a copy of it in catalogue.movies."
        )
    try:
        with replacing(path) as part:
            part.write_bytes(data)
            shutil.copymode(path, part)
    except OSError as error:
        raise TrailerflowError(
            f"{path} cannot be written ({error.strerror}); make its folder yours to write, "
            "or name a copy of it in catalogue.movies."
        ) from None
