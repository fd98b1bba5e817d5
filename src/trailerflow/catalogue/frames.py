"""The typed tables of the catalogue: movies with their 18 genre flags, ratings, and the people who rated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.catalogue.archives import UNKNOWN_TITLE, read_archive_movies
from trailerflow.catalogue.listing import needs_table
from trailerflow.catalogue.movie_table import read_movie_table, refuse_faults
from trailerflow.catalogue.people import people_table, read_people
from trailerflow.catalogue.ratings import read_own_ratings, read_ratings
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.movies.forms import alike_title, normalised_title
from trailerflow.movies.movie import Movie, id_order


class Archive(NamedTuple):
    """What an archive holds.

    Attributes:
        movies: One row a movie: movie (str), title (str), year (Int64), release_date (datetime, null where not
            known), status (``ok``, or ``unknown`` for an item of which nobody knows the film), duplicate_of (str
            or null, see `duplicates_of`) and one bool column for each of the 18 genres.
        ratings: One row a rating that counts, each film rated once by a user at most: user (str), movie (str), rating
            (float32, above 0 and up to 5), timestamp (int64, seconds since 1970, UTC).
        released: All ratings of listed movies as they were released and in that order: the same columns, and fold (int8),
            the archive's own fold of which the rating is a test, 0 where there are none.
        people: One row a user: user (str), age (Int64), sex (str), occupation (str); no rows where nobody tells.
        notes: Sentences on the ratings that do not count, none where all do.
    """

    movies: pd.DataFrame
    ratings: pd.DataFrame
    released: pd.DataFrame
    people: pd.DataFrame
    notes: tuple[str, ...] = ()


def read_archive(path: Path, table: Path | None = None) -> Archive:
    """Read an archive, and leave out the ratings that would break what is computed from them.

    Ratings of movies that the archive does not list say nothing of any film. Of a user's ratings of one film the
    newest counts, of equally new ones the last: some archives give a rating twice, and MovieLens-100K lists films
    under two ids, both rated by the same users, so that the one would tell the other.

    Args:
        path: A zip file in one of the layouts of ``trailerflow.catalogue.archives``, or a CSV of ratings.
        table: The user's table of movies, which names the films of a CSV.

    Raises:
        TrailerflowError: The archive is missing, damaged or of no known layout, or a line of it does not
            parse; the file in the archive and the line are named.
    """
    if needs_table(path):
        return _own_archive(path, table)
    movies = _movies_frame(read_archive_movies(path), path)
    numbers = read_ratings(path)
    ids = pd.to_numeric(movies["movie"])
    listed = numbers[numbers["movie"].isin(ids)]
    notes = []
    if unlisted := len(numbers) - len(listed):
        films = numbers.loc[~numbers["movie"].isin(ids), "movie"].nunique()
        notes.append(f"Left out: {unlisted} ratings of {films} movies that the archive does not list.")
    film_of = {
        int(movie): int(movie if pd.isna(first) else first)
        for movie, first in zip(movies["movie"], movies["duplicate_of"], strict=True)
    }
    counting, repeated = _counting(listed, film_of)
    names = {column: _texts(listed[column].to_numpy()) for column in ("user", "movie")}
    return _archive_of(movies, listed.assign(**names), counting, read_people(path), [*notes, *repeated])


def _own_archive(path: Path, table: Path | None) -> Archive:
    """A user's CSV of ratings. Films that the table of movies does not name are known by their ids alone."""
    if table is None:
        raise TrailerflowError(
            f"{path} names no films; name a table of them in catalogue.movies, or take an archive."
        )
    ratings = read_own_ratings(path).assign(fold=np.int8(0))
    rows = read_movie_table(table)
    rated = list(ratings["movie"].cat.categories)
    nameless = sorted(set(rated) - {row.id for row in rows}, key=id_order)
    unknown = {"title": UNKNOWN_TITLE, "year": None, "release_date": pd.NaT, "status": "unknown"}
    genreless = dict.fromkeys(GENRES, False)
    movies = _typed_movies(
        [_joined(row, None) for row in rows] + [{"movie": movie} | unknown | genreless for movie in nameless]
    )
    place = {movie: number for number, movie in enumerate(movies["movie"])}
    film_of = {
        number: number if pd.isna(first) else place[first]
        for number, first in enumerate(movies["duplicate_of"])
    }
    codes = np.array([place[movie] for movie in rated], dtype=np.int64)
    numbers = ratings.assign(
        user=ratings["user"].cat.codes, movie=codes[ratings["movie"].cat.codes.to_numpy()]
    )
    counting, notes = _counting(numbers, film_of)
    if nameless:
        notes.insert(0, f"Known by their ids alone: {len(nameless)} rated films that {table} does not name.")
    return _archive_of(movies, ratings.astype({"user": str, "movie": str}), counting, people_table([]), notes)


def _archive_of(
    movies: pd.DataFrame,
    released: pd.DataFrame,
    counting: npt.NDArray[np.bool_],
    people: pd.DataFrame,
    notes: Sequence[str],
) -> Archive:
    ratings = released.loc[counting].drop(columns="fold").reset_index(drop=True)
    return Archive(movies, ratings, released.reset_index(drop=True), people, tuple(notes))


def archive_tables(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The movies and the ratings of an archive; see `read_archive`."""
    archive = read_archive(path)
    return archive.movies, archive.ratings


def empty_archive() -> Archive:
    """The tables of a run without an archive: the columns and types of `read_archive`, no rows."""
    types = {"user": str, "movie": str, "rating": "float32", "timestamp": "int64", "fold": "int8"}
    released = pd.DataFrame(columns=list(types)).astype(types)
    return Archive(_typed_movies([]), released.drop(columns="fold"), released, people_table([]))


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
    for movie, film in sorted(zip(movies, films, strict=True), key=lambda pair: id_order(pair[0])):
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
        A table of the same columns, in the order of ids; ``duplicate_of`` links movies of this table.

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


def _counting(ratings: pd.DataFrame, film_of: Mapping[int, int]) -> tuple[npt.NDArray[np.bool_], list[str]]:
    """Which ratings count, and sentences on the others.

    Args:
        ratings: user, movie, timestamp; ids are numbers, as 25 million texts would be slow.
        film_of: Number of each movie to that of its film.
    """
    films = ratings[["user", "movie", "timestamp"]].assign(film=ratings["movie"].map(film_of))
    # Sorting what is there more than once is enough.
    several = films[films.duplicated(["user", "film"], keep=False)].sort_values("timestamp", kind="stable")
    older = several[several.duplicated(["user", "film"], keep="last")]
    same_id = int(several.duplicated(["user", "movie"], keep="last").sum())
    notes = []
    if len(older):
        notes.append(
            f"Left out: {len(older)} older ratings of a film by a user who rated it again, "
            f"{len(older) - same_id} of them under another id of the film."
        )
    return ~ratings.index.isin(older.index), notes


def _texts(numbers: np.ndarray) -> np.ndarray:
    """Numbers as text, one object for each number however often it occurs."""
    codes, values = pd.factorize(numbers)
    texts: np.ndarray = np.array([str(value) for value in values], dtype=object)[codes]
    return texts
