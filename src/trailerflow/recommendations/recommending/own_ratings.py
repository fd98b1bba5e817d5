"""Ratings that people give beside the archive: a file of one's own, and the table of feedback."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.outside import clean_text
from trailerflow.recommendations.recommending.films import Film, Films

LEAST, MOST = 0.5, 5.0
"""The scale of ratings."""

MOST_BYTES = 100_000_000
"""Largest file that is read; a million ratings have some 30 million."""

LATEST_TIME = 100_000_000_000
"""Timestamps are in seconds; by milliseconds every time since 1973 is larger."""

_FAULTS_SHOWN = 5
_USER = "user"
_LONGEST_ID = 64


class OwnRatings(NamedTuple):
    """Ratings that were read.

    Attributes:
        ratings: user, movie, rating, timestamp, in the order of time; each user and film once.
        unknown: A sentence for each row whose film is not known; the row is left out.
    """

    ratings: pd.DataFrame
    unknown: list[str]


def no_ratings() -> OwnRatings:
    """No row at all."""
    return OwnRatings(_frame([]), [])


def read_own_ratings(path: Path, films: Films, *, user: str) -> OwnRatings:
    """Read one person's ratings: CSV with ``rating``, ``movie`` or ``title`` (and ``year``), and perhaps ``timestamp``.

    Args:
        path: The file.
        films: Of the archive.
        user: The id that this person gets.

    Raises:
        TrailerflowError: The file cannot be read, a row is faulty or its film stands twice, or no film is known.
    """
    read = _read(path, films, user=user, twice=False)
    if read.ratings.empty:
        first = f" {read.unknown[0]}" if read.unknown else ""
        raise TrailerflowError(f"{path} has no rating of a film that is known.{first}")
    return read


def read_feedback(path: Path, films: Films) -> OwnRatings:
    """Read the table of feedback: CSV with ``user``, ``movie``, ``rating`` and ``timestamp``, rows appended as they come.

    Of a film that a user rated several times the newest rating counts.

    Raises:
        TrailerflowError: The file cannot be read, or a row is faulty.
    """
    return _read(path, films, user=None, twice=True)


def with_feedback(ratings: pd.DataFrame, archive: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, list[str]]:
    """An archive's ratings and those of the table of feedback.

    Args:
        ratings: user, movie, rating, timestamp.
        archive: The films: movie, title, year, duplicate_of and the genres.
        path: The table of feedback.

    Returns:
        Both below each other, and sentences on what was read.
    """
    told = read_feedback(path, Films(archive))
    columns = list(told.ratings.columns)
    notes = [f"{len(told.ratings):,} of the ratings are feedback.", *told.unknown[:_FAULTS_SHOWN]]
    return pd.concat([ratings[columns], told.ratings], ignore_index=True), notes


def _read(path: Path, films: Films, *, user: str | None, twice: bool) -> OwnRatings:
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise TrailerflowError(f"{path} is larger than {MOST_BYTES:,} bytes; take the newest ratings alone.")
    columns = ["rating", "timestamp", _USER, "movie"] if user is None else ["rating"]
    rows: list[tuple[str, str, float, int]] = []
    faults: list[str] = []
    unknown: list[str] = []
    first_row: dict[tuple[str, str], int] = {}
    now = int(time.time())
    for row, cells in csv_rows(path, columns):
        place = f"{path}, row {row}"
        if fault := _fault(cells, user is None):
            faults.append(f"{place}: {fault}")
            continue
        film = _film(cells, films)
        if isinstance(film, str):
            unknown.append(f"{place}: {film}")
            continue
        owner = user if user is not None else cells[_USER]
        if not twice and (owner, film.id) in first_row:
            faults.append(
                f"{place}: {film.name} was rated in row {first_row[owner, film.id]}; remove one of them."
            )
            continue
        first_row.setdefault((owner, film.id), row)
        rows.append((owner, film.id, float(cells["rating"]), int(cells.get("timestamp") or now)))
    if faults:
        more = len(faults) - _FAULTS_SHOWN
        counted = [f"{path}: {more} more faulty row{'s' if more > 1 else ''}."] if more > 0 else []
        raise TrailerflowError("\n".join(faults[:_FAULTS_SHOWN] + counted))
    frame = _frame(rows).sort_values("timestamp", kind="stable")
    return OwnRatings(frame.drop_duplicates([_USER, "movie"], keep="last").reset_index(drop=True), unknown)


def _frame(rows: list[tuple[str, str, float, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[_USER, "movie", "rating", "timestamp"])
    return frame.astype({_USER: object, "movie": object, "rating": "float32", "timestamp": "int64"})


def _fault(cells: Mapping[str, str], has_users: bool) -> str | None:
    """What is wrong with a row, for the end of a sentence."""
    shown = {name: clean_text(cell)[:40] for name, cell in cells.items()}
    try:
        rating = float(cells["rating"])
    except ValueError:
        rating = float("nan")
    if not LEAST <= rating <= MOST:
        return f"the rating {shown['rating']!r} is not from {LEAST:g} to {MOST:g}; correct it."
    given = cells.get("timestamp") or "0"
    if not (given.isascii() and given.isdigit() and int(given[:20]) < LATEST_TIME):
        return f"the timestamp {shown['timestamp']!r} is no time in seconds since 1970; correct it."
    if has_users and not 0 < len(cells[_USER]) <= _LONGEST_ID:
        return f"the user has {len(cells[_USER])} characters; give 1 to {_LONGEST_ID}."
    return None


def _film(cells: Mapping[str, str], films: Films) -> Film | str:
    """The film of a row, or why there is none."""
    if movie := cells.get("movie"):
        return films[movie] if movie in films else f"no film has the id {clean_text(movie)[:40]!r}."
    title, year = cells.get("title", ""), cells.get("year", "")
    if not title:
        return "there is neither a movie nor a title."
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        return f"the year {clean_text(year)[:40]!r} is no year of four digits."
    found = films.titled(title, int(year) if year else None)
    shown = clean_text(title)[:80]
    if len(found) > 1:
        names: Iterator[str] = (f"{film.name}, id {film.id}" for film in found[:5])
        return f"{shown} may be {'; '.join(names)}; give the year or the id."
    return found[0] if found else f"no film is titled {shown}{f' and of {year}' if year else ''}."
