"""Ratings as every split gets them: in order, each film once, ids as categories."""

from __future__ import annotations

import pandas as pd


def known_films(archive: pd.DataFrame, movies: pd.DataFrame) -> pd.DataFrame:
    """All films, those of this run first, each linked to the id that stands for it where there are several.

    An id of this run stands for its film, and else the first one of the archive.

    Args:
        archive: The films of the archive: movie, duplicate_of.
        movies: The films of this run: the same columns, linked among themselves.

    Returns:
        movie, duplicate_of.
    """
    links = [frame.dropna(subset="duplicate_of") for frame in (movies, archive)]
    of_run, of_archive = (
        dict[str, str](zip(link["movie"], link["duplicate_of"], strict=True)) for link in links
    )

    def film(movie: str) -> str:
        first = of_run.get(movie, movie)
        return of_archive.get(first, first)

    standing = {film(movie): movie for movie in movies["movie"] if movie not in of_run}
    ids = pd.concat([movies["movie"], archive["movie"]], ignore_index=True).drop_duplicates(ignore_index=True)
    first = ids.map(lambda movie: standing.get(film(movie), film(movie)))
    return pd.DataFrame({"movie": ids, "duplicate_of": first.where(first != ids, None)})


def coded(ratings: pd.DataFrame, films: pd.DataFrame) -> pd.DataFrame:
    """Put ratings into order of user, time and film, with one id for each film and ids as categories.

    Of a user's ratings of one film the newest counts, so that none of them tells another. Many ratings share a second, so
    films are in order of their number there: the same on every machine.

    Args:
        ratings: The whole archive: user, movie, rating, timestamp.
        films: All films: movie and, where known, duplicate_of; see `known_films`.

    Returns:
        user, movie, rating, timestamp. The categories are in natural order (9 before 10); those of films hold all films,
        each once, rated or not.
    """
    frame = ratings[["user", "movie", "rating", "timestamp"]].reset_index(drop=True)
    frame = frame.assign(user=_categories(frame["user"], frame["user"]))
    keys = frame.assign(
        movie=_categories(frame["movie"], frame["movie"]).cat.codes, user=frame["user"].cat.codes
    )
    frame = frame.loc[keys.sort_values(["user", "timestamp", "movie"], kind="stable").index]
    known = films["movie"]
    if "duplicate_of" in films:
        first = films.dropna(subset="duplicate_of").set_index("movie")["duplicate_of"].to_dict()
        frame = frame.assign(movie=frame["movie"].map(first).fillna(frame["movie"]))
        known = known[films["duplicate_of"].isna()]
    frame = frame.drop_duplicates(["user", "movie"], keep="last").reset_index(drop=True)
    return frame.assign(movie=_categories(frame["movie"], pd.concat([frame["movie"], known])))


def as_released(ratings: pd.DataFrame) -> pd.DataFrame:
    """Ratings in the archive's own order and by its own ids, as categories; of one given twice the last counts.

    Args:
        ratings: The whole archive as it was released: user, movie, rating, timestamp, fold.

    Returns:
        The same columns. The categories are what was rated, in natural order.
    """
    frame = ratings.drop_duplicates(["user", "movie"], keep="last").reset_index(drop=True)
    return frame.assign(**{name: _categories(frame[name], frame[name]) for name in ("user", "movie")})


def in_order(ratings: pd.DataFrame) -> pd.DataFrame:
    """Put ratings with ids as categories into order of user, time and film; the columns of `coded`."""
    frame = ratings[["user", "movie", "rating", "timestamp"]]
    return frame.sort_values(["user", "timestamp", "movie"], kind="stable", ignore_index=True)


def _categories(identifiers: pd.Series, known: pd.Series) -> pd.Series:
    """Identifiers as categories, which are all that are known: whole numbers first, by value, then the others."""
    return identifiers.astype(pd.CategoricalDtype(sorted(known.unique(), key=_natural_key)))


def _natural_key(identifier: str) -> tuple[bool, int, str]:
    number = identifier.isascii() and identifier.isdigit()
    return not number, int(identifier) if number else 0, identifier
