"""Rankers that score from a user's history: more ratings of a user need no new fit."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import NOBODY, Codes, History, Question, codes_of
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Scores

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class FromHistory(Fitted):
    """A ranker that knows of a user what the question tells, and what was folded in.

    Args:
        films: Ids of all films, by their codes.
    """

    def __init__(self, films: pd.Index) -> None:
        self.films = films
        self._folded_in: dict[str, History] = {}

    @abstractmethod
    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """Score films for a user with this history; shape (candidates,), no NaN."""

    def score(self, questions: Iterable[Question]) -> Iterator[Scores]:
        """The scores of each question's films."""
        for question in questions:
            more = self._folded_in.get(question.user)
            history = question.history if more is None else joined(question.history, more)
            yield Scores(question.number, self.scores(question.user, history, question.candidates))

    def fold_in(self, ratings: pd.DataFrame) -> Self:
        """The same fit, for users with these ratings besides; films that it does not know are left out."""
        folded = copy(self)
        folded._folded_in = with_ratings(self._folded_in, ratings, self.films)
        return folded


NO_HISTORY = History(np.empty(0, np.intp), np.empty(0, np.float32), np.empty(0, np.int64))


def with_ratings(known: Mapping[str, History], ratings: pd.DataFrame, films: pd.Index) -> dict[str, History]:
    """Histories of users, and more ratings of theirs.

    Args:
        known: By user.
        ratings: user, movie, rating, timestamp.
        films: Ids of all films, by their codes; ratings of others are left out.
    """
    found = dict(known)
    for user, rows in ratings.groupby("user", observed=True):
        found[str(user)] = joined(found.get(str(user), NO_HISTORY), history_of(rows, films))
    return found


def history_of(ratings: pd.DataFrame, films: pd.Index) -> History:
    """Ratings of one user, less those of films that are not known.

    Args:
        ratings: movie, rating, timestamp.
        films: Ids of all films, by their codes.
    """
    codes = codes_of(ratings["movie"], films)
    known = codes != NOBODY
    return History(
        codes[known],
        ratings["rating"].to_numpy(np.float32)[known],
        ratings["timestamp"].to_numpy(np.int64)[known],
    )


def joined(first: History, more: History) -> History:
    """Two histories of a user in order of time; of a film in both the rating of the first one counts."""
    new = ~np.isin(more.movies, first.movies)
    times = np.concatenate([first.times, more.times[new]])
    order = np.argsort(times, kind="stable")
    return History(
        np.concatenate([first.movies, more.movies[new]])[order],
        np.concatenate([first.ratings, more.ratings[new]])[order],
        times[order],
    )


def recency(count: int, half_life: float | None) -> Floats:
    """Weights of the ratings of a history, oldest first: half as much for every ``half_life`` ratings that came after.

    Args:
        count: Ratings of the history.
        half_life: Ratings; None gives all the same weight.

    >>> recency(3, 1.0).tolist()
    [0.25, 0.5, 1.0]
    """
    if half_life is None:
        return np.ones(count)
    return np.asarray(0.5 ** (np.arange(count)[::-1] / half_life))


def cosines(vectors: Floats, film: int, others: Codes) -> Floats:
    """Cosines of a film's vector with those of others, 0 where one is of zeros; shape (others,).

    Args:
        vectors: Of all films, shape (films, dimensions).
        film: Code of the film.
        others: Codes of the others.
    """
    lengths = np.linalg.norm(vectors[others], axis=1) * np.linalg.norm(vectors[film])
    found: Floats = vectors[others] @ vectors[film] / np.where(lengths > 0, lengths, 1.0)
    return found


Weigh = Callable[[int, npt.NDArray[np.int64]], npt.ArrayLike]
"""From how many ratings lie between two films, and how many seconds (shape (pairs,)), to what each pair counts."""


def close_pairs(train: pd.DataFrame, positions: int, weigh: Weigh) -> csr_array:
    """How often a film (column) came up to ``positions`` ratings after another (row) in a history.

    Args:
        train: user, movie, timestamp, a user's in order of time.
        positions: Ratings.
        weigh: What a pair counts.

    Returns:
        Shape (films, films).
    """
    from scipy.sparse import csr_array

    by_user = train.sort_values("user", kind="stable")
    users, films = (by_user[column].cat.codes.to_numpy() for column in ("user", "movie"))
    times = by_user["timestamp"].to_numpy(np.int64)
    count = len(train["movie"].cat.categories)
    pairs = csr_array((count, count))
    for distance in range(1, min(positions, len(by_user) - 1) + 1):
        same = users[distance:] == users[:-distance]
        earlier, later = films[:-distance][same], films[distance:][same]
        apart = (times[distance:] - times[:-distance])[same]
        weights = np.broadcast_to(weigh(distance, apart), earlier.shape).astype(float)
        pairs = pairs + csr_array((weights, (earlier, later)), shape=(count, count))
    return pairs
