"""The split of the ratings: each user's last films of this run are the test, everything else trains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class RatingSplit:
    """What the rankers may know, what they are asked, and of whom.

    Attributes:
        train: Ratings that are not in the test: user, movie, rating, timestamp.
        test: The held-out ratings, the same columns, each user's in the order in which they were given.
        users: user, set: "llm" for the drawn users whom the language models rank for too, else "all".
        notes: Sentences for the reader of the tables.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    users: pd.DataFrame
    notes: tuple[str, ...]


def split_ratings(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    held_out: int,
    history: int,
    llm_users: int,
    seed: int,
) -> RatingSplit:
    """Hold out each user's last ratings among the films of this run (temporal leave-last-n).

    A film that this run lists under several ids is one film, under the first of them; of a user's ratings of it the
    newest counts, so that none of them tells another.

    Many ratings share a second, so the order is (timestamp, movie number): the same on every machine. Users
    with fewer than ``held_out + history`` ratings of this run's films stay in the training part whole. The
    users for the language models are drawn from those whose held-out ratings differ, since equal ratings
    cannot be put in a wrong order; a larger draw with the same seed holds the smaller one, so answers already
    paid for are met again.

    Args:
        ratings: The whole archive: user, movie, rating, timestamp.
        movies: The films of this run: movie and, where known, duplicate_of.
        held_out: Ratings held out of each user.
        history: Ratings of this run's films that a user must have besides the held-out ones.
        llm_users: Users to draw for the language models; fewer where fewer are eligible.
        seed: Seed of the draw.

    Returns:
        The split; its test and users tables are empty, and a note says so, where no user has enough ratings.
    """
    ordered = _once_a_film(_in_order(ratings), movies)
    rated = ordered[ordered["movie"].isin(movies["movie"])]
    counts = rated.groupby("user", sort=False)["movie"].transform("size")
    test_rows = rated[counts >= held_out + history].groupby("user", sort=False).tail(held_out).index
    test = ordered.loc[test_rows]
    users = _users(test, llm_users, seed)
    return RatingSplit(
        train=ordered.drop(index=test_rows).reset_index(drop=True),
        test=test.reset_index(drop=True),
        users=users,
        notes=_notes(users, held_out=held_out, history=history),
    )


def _once_a_film(ordered: pd.DataFrame, movies: pd.DataFrame) -> pd.DataFrame:
    """The ratings with one id for each film, each user's newest rating of a film alone."""
    if "duplicate_of" in movies:
        first = movies.dropna(subset="duplicate_of").set_index("movie")["duplicate_of"]
        ordered = ordered.assign(movie=ordered["movie"].map(first.to_dict()).fillna(ordered["movie"]))
    return ordered.drop_duplicates(["user", "movie"], keep="last").reset_index(drop=True)


def _in_order(ratings: pd.DataFrame) -> pd.DataFrame:
    """Sort by user, then time, then movie, numbers as numbers."""
    frame = ratings[["user", "movie", "rating", "timestamp"]].reset_index(drop=True)
    keys = pd.DataFrame(
        {
            "user": _natural_ranks(frame["user"]),
            "timestamp": frame["timestamp"],
            "movie": _natural_ranks(frame["movie"]),
        }
    )
    return frame.loc[keys.sort_values(["user", "timestamp", "movie"], kind="stable").index].reset_index(
        drop=True
    )


def _natural_ranks(identifiers: pd.Series) -> pd.Series:
    """Place of each identifier: whole numbers first, by value (9 before 10), then the others."""
    known = sorted(identifiers.unique(), key=_natural_key)
    return identifiers.map({identifier: rank for rank, identifier in enumerate(known)})


def _natural_key(identifier: str) -> tuple[bool, int, str]:
    number = identifier.isascii() and identifier.isdigit()
    return not number, int(identifier) if number else 0, identifier


def _users(test: pd.DataFrame, llm_users: int, seed: int) -> pd.DataFrame:
    spread = test.groupby("user", sort=False)["rating"].nunique()
    orderable = spread.index[spread > 1].to_numpy()
    drawn = set(np.random.default_rng(seed).permutation(orderable)[:llm_users])
    return pd.DataFrame(
        {
            "user": spread.index.astype(str),
            "set": ["llm" if user in drawn else "all" for user in spread.index],
        },
        dtype=str,
    )


def _notes(users: pd.DataFrame, *, held_out: int, history: int) -> tuple[str, ...]:
    need = f"{held_out + history} of this run's films ({held_out} for the test, {history} before them)"
    if users.empty:
        return (f"No user has rated {need}, so no ranking can be tested.",)
    drawn = int((users["set"] == "llm").sum())
    return (
        f"Users who have rated at least {need}: {len(users)}.",
        f"Users for whom the language models rank, drawn from those whose held-out ratings differ: {drawn}.",
    )
