"""Ratings as every split gets them: in order, each film once, ids as categories."""

from __future__ import annotations

import pandas as pd


def coded(ratings: pd.DataFrame, movies: pd.DataFrame) -> pd.DataFrame:
    """Put ratings into order of user, time and film, with one id for each film and ids as categories.

    A film that this run lists under several ids is one film, under the first of them; of a user's ratings of it the
    newest counts, so that none of them tells another. Many ratings share a second, so films are in order of their
    number there: the same on every machine.

    Args:
        ratings: The whole archive: user, movie, rating, timestamp.
        movies: The films of this run: movie and, where known, duplicate_of.

    Returns:
        user, movie, rating, timestamp. The categories are in natural order (9 before 10); those of films hold the films of
        this run too.
    """
    frame = ratings[["user", "movie", "rating", "timestamp"]].reset_index(drop=True)
    frame = frame.assign(user=_categories(frame["user"], frame["user"]))
    keys = frame.assign(
        movie=_categories(frame["movie"], frame["movie"]).cat.codes, user=frame["user"].cat.codes
    )
    frame = frame.loc[keys.sort_values(["user", "timestamp", "movie"], kind="stable").index]
    if "duplicate_of" in movies:
        first = movies.dropna(subset="duplicate_of").set_index("movie")["duplicate_of"].to_dict()
        frame = frame.assign(movie=frame["movie"].map(first).fillna(frame["movie"]))
    frame = frame.drop_duplicates(["user", "movie"], keep="last").reset_index(drop=True)
    return frame.assign(movie=_categories(frame["movie"], pd.concat([frame["movie"], movies["movie"]])))


def _categories(identifiers: pd.Series, known: pd.Series) -> pd.Series:
    """Identifiers as categories, which are all that are known: whole numbers first, by value, then the others."""
    return identifiers.astype(pd.CategoricalDtype(sorted(known.unique(), key=_natural_key)))


def _natural_key(identifier: str) -> tuple[bool, int, str]:
    number = identifier.isascii() and identifier.isdigit()
    return not number, int(identifier) if number else 0, identifier
