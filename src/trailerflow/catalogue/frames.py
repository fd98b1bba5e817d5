"""The typed tables of the catalogue: movies with their 18 genre flags, and ratings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from trailerflow.catalogue.archives import (
    UNKNOWN_TITLE,
    Layout,
    archive_layout,
    line_fault,
    member_named,
    open_ratings,
    opened_archive,
    read_archive_movies,
)
from trailerflow.catalogue.movie_table import read_movie_table, refuse_faults
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.movies.forms import alike_title, normalised_title
from trailerflow.movies.movie import Movie

HIGHEST_RATING = 5.0

_RATING_TYPES = {"user": pa.int64(), "movie": pa.int64(), "rating": pa.float32(), "timestamp": pa.int64()}


class Archive(NamedTuple):
    """What an archive holds, each film rated once by a user at most.

    Attributes:
        movies: One row a movie: movie (str), title (str), year (Int64), release_date (datetime, null where not
            known), status (``ok``, or ``unknown`` for an item of which nobody knows the film), duplicate_of (str
            or null, see `duplicates_of`) and one bool column for each of the 18 genres.
        ratings: One row a rating that counts: user (str), movie (str), rating (float32, above 0 and up to 5),
            timestamp (int64, seconds since 1970, UTC).
        notes: Sentences on the ratings that do not count, none where all do.
    """

    movies: pd.DataFrame
    ratings: pd.DataFrame
    notes: tuple[str, ...]


def read_archive(path: Path) -> Archive:
    """Read an archive, and leave out the ratings that would break what is computed from them.

    Ratings of movies that the archive does not list say nothing of any film. Of a user's ratings of one film the
    newest counts, of equally new ones the last: some archives give a rating twice, and MovieLens-100K lists films
    under two ids, both rated by the same users, so that the one would tell the other.

    Args:
        path: A zip file in one of the layouts of ``trailerflow.catalogue.archives``.

    Raises:
        TrailerflowError: The archive is missing, damaged or of no known layout, or a line of it does not
            parse; the file in the archive and the line are named.
    """
    movies = _movies_frame(read_archive_movies(path), path)
    ratings, notes = _counting(_ratings_frame(path), movies)
    texts = {"user": _texts(ratings["user"].to_numpy()), "movie": _texts(ratings["movie"].to_numpy())}
    return Archive(movies, ratings.assign(**texts), notes)


def archive_tables(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The movies and the ratings of an archive; see `read_archive`."""
    archive = read_archive(path)
    return archive.movies, archive.ratings


def empty_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables of a run without an archive: the columns and types of `archive_tables`, no rows."""
    ratings = pa.schema(
        [("user", pa.string()), ("movie", pa.string()), ("rating", pa.float32()), ("timestamp", pa.int64())]
    )
    return _typed_movies([]), ratings.empty_table().to_pandas()


def duplicates_of(
    movies: Sequence[str], titles: Sequence[str], years: Sequence[int | None]
) -> list[str | None]:
    """Link the ids that are one film: the same normalised title and the same year.

    MovieLens-100K lists 18 films under two ids each, both of them rated.

    Args:
        movies: Ids, n of them.
        titles: Title of each.
        years: Year of each, or ``None``.

    Returns:
        For each movie the smallest id of the same film, or ``None`` for that id itself and for films with
        one id only. Numbers are compared as numbers and come before other ids.

    >>> duplicates_of(["680", "266", "1"], ["Hugo Pool", "Hugo pool", "Toy Story"], [1997, 1997, 1995])
    ['266', None, None]
    """
    films = [(normalised_title(title) or title, year) for title, year in zip(titles, years, strict=True)]
    first: dict[tuple[str, int | None], str] = {}
    for movie, film in sorted(zip(movies, films, strict=True), key=lambda pair: _id_order(pair[0])):
        first.setdefault(film, movie)
    return [None if first[film] == movie else first[film] for movie, film in zip(movies, films, strict=True)]


def select_movies(catalogue: pd.DataFrame, table: Path | None) -> pd.DataFrame:
    """Choose the movies of the run: those of the user's table joined with the archive, or the whole archive.

    A row is joined by its id. Title and year are the table's, and so are the genres where it names any;
    the rest is the archive's. A movie that the archive does not have is taken as it is.

    Args:
        catalogue: Movies of the archive, as `archive_tables` gives them.
        table: The user's table, or ``None`` for every movie of the archive.

    Returns:
        A table of the same columns, in the order of the rows; ``duplicate_of`` links movies of this table.

    Raises:
        TrailerflowError: The table is faulty (see `read_movie_table`), or the archive has a row's id for
            another film: title and year both differ.
    """
    if table is None:
        return catalogue
    rows = read_movie_table(table)
    known = catalogue.set_index("movie", drop=False).to_dict("index")
    refuse_faults(table, [fault for row in rows if (fault := _other_film(row, known.get(row.id), table))])
    records = [_joined(row, known.get(row.id)) for row in rows]
    return _typed_movies(records)


def _other_film(row: Movie, found: dict[str, Any] | None, table: Path) -> str | None:
    """What is wrong with a row whose id is that of another film in the archive."""
    if found is None or alike_title(found["title"]) == alike_title(row.title):
        return None
    if not pd.isna(found["year"]) and row.year == found["year"]:
        return None  # another spelling, or one of two titles
    archived = found["title"] if pd.isna(found["year"]) else f"{found['title']} ({found['year']})"
    return (
        f"{table}, row {row.row}: id {row.id} is {_name(row)!r} here and {archived!r} in the archive. "
        "Correct the id or the title, or set catalogue.archive: null if the table has ids of its own."
    )


def _name(row: Movie) -> str:
    """Title and year as MovieLens writes them."""
    return row.title if row.year is None else f"{row.title} ({row.year})"


def _joined(row: Movie, found: dict[str, Any] | None) -> dict[str, Any]:
    """One record of the selected movies."""
    archive = found or {"year": pd.NA, "release_date": pd.NaT, "status": "ok"} | dict.fromkeys(GENRES, False)
    genres = {genre: genre in row.genres if row.genres is not None else archive[genre] for genre in GENRES}
    return {
        "movie": row.id,
        "title": row.title,
        "year": archive["year"] if row.year is None else row.year,
        "release_date": archive["release_date"],
        "status": archive["status"],
    } | genres


def _movies_frame(movies: Sequence[Movie], path: Path) -> pd.DataFrame:
    """Table of an archive's movies."""
    dates = pd.to_datetime(
        pd.Series([movie.release_date for movie in movies], dtype=object), format="%d-%b-%Y", errors="coerce"
    )
    for movie, date in zip(movies, dates, strict=True):
        if movie.release_date is not None and pd.isna(date):
            raise TrailerflowError(
                f"{path}: the release date of movie {movie.id} is {movie.release_date!r}, not a date such as "
                "01-Jan-1995; download the archive again or correct it."
            )
    return _typed_movies(
        {
            "movie": movie.id,
            "title": movie.title,
            "year": movie.year,
            "release_date": date,
            "status": "unknown" if movie.title == UNKNOWN_TITLE and movie.year is None else "ok",
        }
        | {genre: genre in (movie.genres or ()) for genre in GENRES}
        for movie, date in zip(movies, dates, strict=True)
    )


def _typed_movies(records: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Give records of movies their column order and types, and link the duplicates among them."""
    columns = ["movie", "title", "year", "release_date", "status", *GENRES]
    frame = pd.DataFrame.from_records(list(records), columns=columns)
    frame["year"] = frame["year"].astype("Int64")
    frame["release_date"] = frame["release_date"].astype("datetime64[ms]")
    frame = frame.astype({"movie": str, "title": str, "status": str} | dict.fromkeys(GENRES, bool))
    years = [None if pd.isna(year) else int(year) for year in frame["year"]]
    linked = duplicates_of(list(frame["movie"]), list(frame["title"]), years)
    duplicates = pd.Series(linked, index=frame.index, dtype="string")
    # Items of which nobody knows the film may be different films.
    frame.insert(5, "duplicate_of", duplicates.where(frame["status"] != "unknown"))
    return frame


def _id_order(movie: str) -> tuple[bool, int, str]:
    """Order of ids: numbers by their value, then the others by their letters."""
    number = movie.isdecimal()
    return (not number, int(movie) if number else 0, movie)


def _ratings_frame(path: Path) -> pd.DataFrame:
    """Table of an archive's ratings, ids as numbers, read in one pass: the 25M release has 25 million lines."""
    with opened_archive(path) as archive:
        layout = archive_layout(archive, path)
        member = member_named(archive, layout.ratings)
        # Arrow refuses a cell too many, too few or of another type; it names the row in one thread only.
        names = [name or f"empty{position}" for position, name in enumerate(layout.columns)]
        try:
            with open_ratings(archive, layout) as stream:
                table = arrow_csv.read_csv(
                    stream,
                    read_options=arrow_csv.ReadOptions(
                        use_threads=False, column_names=names, skip_rows=int(layout.header)
                    ),
                    parse_options=arrow_csv.ParseOptions(
                        delimiter=layout.separator, quote_char=False, ignore_empty_lines=False
                    ),
                    convert_options=arrow_csv.ConvertOptions(
                        column_types=_RATING_TYPES, include_columns=list(_RATING_TYPES), null_values=[]
                    ),
                )
        except pa.ArrowInvalid as error:
            row = re.search(r"Row #([0-9]+)", str(error))
            if row is None:
                raise TrailerflowError(
                    f"{path}: {member} does not parse ({error}); download it again."
                ) from None
            line = int(row[1])
            raise line_fault(path, member, line, _line(path, layout, line)) from None
    ratings = table["rating"].to_numpy()
    faulty = np.flatnonzero(~((ratings > 0) & (ratings <= HIGHEST_RATING)))
    if faulty.size:
        line = int(faulty[0]) + 1 + layout.header
        raise line_fault(path, member, line, _line(path, layout, line))
    return pd.DataFrame(
        {
            "user": table["user"].to_numpy(),
            "movie": table["movie"].to_numpy(),
            "rating": ratings,
            "timestamp": table["timestamp"].to_numpy(),
        }
    )


def _counting(ratings: pd.DataFrame, movies: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The ratings that count, and sentences on the others; ids are numbers here, as 25 million texts would be slow."""
    film_of = {
        int(movie): int(movie if pd.isna(first) else first)
        for movie, first in zip(movies["movie"], movies["duplicate_of"], strict=True)
    }
    listed = ratings[ratings["movie"].isin(list(film_of))]
    films = listed[["user", "movie", "timestamp"]].assign(film=listed["movie"].map(film_of))
    # Sorting what is there more than once is enough.
    several = films[films.duplicated(["user", "film"], keep=False)].sort_values("timestamp", kind="stable")
    older = several[several.duplicated(["user", "film"], keep="last")]
    same_id = int(several.duplicated(["user", "movie"], keep="last").sum())
    notes = []
    if unlisted := len(ratings) - len(listed):
        number = ratings.loc[~ratings["movie"].isin(list(film_of)), "movie"].nunique()
        notes.append(f"Left out: {unlisted} ratings of {number} movies that the archive does not list.")
    if len(older):
        notes.append(
            f"Left out: {len(older)} older ratings of a film by a user who rated it again, "
            f"{len(older) - same_id} of them under another id of the film."
        )
    return listed.drop(index=older.index).reset_index(drop=True), tuple(notes)


def _texts(numbers: np.ndarray) -> np.ndarray:
    """Numbers as text, one object for each number however often it occurs."""
    codes, values = pd.factorize(numbers)
    texts: np.ndarray = np.array([str(value) for value in values], dtype=object)[codes]
    return texts


def _line(path: Path, layout: Layout, number: int) -> str:
    """A line of the archive's ratings, counted from 1."""
    with opened_archive(path) as archive, open_ratings(archive, layout) as stream:
        line = next(itertools.islice(stream, number - 1, None), b"")
    return line.decode("utf-8", errors="replace").rstrip("\r\n")
