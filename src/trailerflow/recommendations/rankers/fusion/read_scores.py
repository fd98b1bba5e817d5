"""What other rankers say of a question's films, found by user and film."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import NOBODY, Codes, Question, codes_of
from trailerflow.recommendations.rankers.contract import Floats


class ReadScores:
    """Scores of several rankers.

    Args:
        scores: ranker, user, movie, score, of one part; a film that several protocols ask about may stand several times.
        rankers: The rankers, in the order of the columns.
        users: Ids of all users, by their codes.
        movies: Ids of all films, by their codes.
    """

    def __init__(
        self, scores: pd.DataFrame, rankers: Sequence[str], users: pd.Index, movies: pd.Index
    ) -> None:
        self._movies = len(movies)
        self._users = {str(user): code for code, user in enumerate(users)}
        keys, values = {}, {}
        for ranker, own in scores.groupby("ranker", observed=True):
            user, movie = codes_of(own["user"], users), codes_of(own["movie"], movies)
            known = (user != NOBODY) & (movie != NOBODY)
            key, first = np.unique(self._key(user[known], movie[known]), return_index=True)
            keys[str(ranker)] = key
            values[str(ranker)] = own["score"].to_numpy(float)[known][first]
        self._keys = np.unique(np.concatenate([*keys.values(), np.empty(0, dtype=np.int64)]))
        self._values = np.full((self._keys.size, len(rankers)), np.nan)
        for column, ranker in enumerate(rankers):
            if ranker in keys:
                self._values[np.searchsorted(self._keys, keys[ranker]), column] = values[ranker]

    def of(self, question: Question) -> Floats:
        """Scores of a question's films, shape (candidates, rankers); NaN where a ranker has none."""
        films = question.candidates
        found = np.full((films.size, self._values.shape[1]), np.nan)
        if self._keys.size and films.size:
            wanted = self._key(np.int64(self._users[question.user]), films)
            places = np.minimum(np.searchsorted(self._keys, wanted), self._keys.size - 1)
            there = self._keys[places] == wanted
            found[there] = self._values[places[there]]
        return found

    def _key(self, user: npt.ArrayLike, movie: Codes) -> npt.NDArray[np.int64]:
        return np.asarray(user, dtype=np.int64) * self._movies + movie.astype(np.int64)


def centred(scores: Floats) -> Floats:
    """Each column less its mean; 0 where it has no score.

    >>> centred(np.array([[1.0, 2.0], [3.0, np.nan]])).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    there = ~np.isnan(scores)
    mean = np.where(there, scores, 0.0).sum(axis=0) / _counts(scores)
    found: Floats = np.where(there, scores - mean, 0.0)
    return found


def standardised(scores: Floats) -> Floats:
    """Each column less its mean, by its deviation; 0 where it has none, or no score.

    >>> standardised(np.array([[1.0, 2.0], [5.0, np.nan]])).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    less = centred(scores)
    deviation = np.sqrt((less**2).sum(axis=0) / _counts(scores))
    found: Floats = less / np.where(deviation > 0, deviation, 1.0)
    return found


def _counts(scores: Floats) -> npt.NDArray[np.intp]:
    """How many scores each column has, 1 where it has none."""
    found: npt.NDArray[np.intp] = np.maximum((~np.isnan(scores)).sum(axis=0), 1)
    return found


def places(scores: Floats) -> Floats:
    """How far each score stands from the best of its column, as the logarithm of its place; missing ones share the last.

    >>> places(np.array([[1.0], [3.0], [np.nan], [np.nan]])).round(2).tolist()
    [[0.69], [0.0], [1.1], [1.1]]
    """
    missing = np.isnan(scores)
    order = np.argsort(np.argsort(-np.where(missing, -np.inf, scores), axis=0, kind="stable"), axis=0)
    found: Floats = np.log1p(np.where(missing, (~missing).sum(axis=0), order))
    return found
