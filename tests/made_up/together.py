"""A ranker of a test: films that were rated together with the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Codes, Questions
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Scores, Side


class Together(Ranker):
    """The number of users who rated a film and one of the user's."""

    source = "made up for a test"

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Count the pairs of films."""
        films, users = train["movie"].cat, train["user"].cat
        rated = np.zeros((len(users.categories), len(films.categories)))
        rated[users.codes, films.codes] = 1
        counts = rated.T @ rated
        np.fill_diagonal(counts, 0)
        return Pairs(counts, _by_user(train))


class Pairs(Fitted):
    """Counts of pairs, and each user's films."""

    def __init__(self, counts: Floats, films: Mapping[str, Codes]) -> None:
        self._counts = counts
        self._films = dict(films)

    def score(self, questions: Questions) -> Iterator[Scores]:
        """The counts with the user's films."""
        for question in questions:
            own = self._films.get(question.user, np.empty(0, np.intp))
            yield Scores(question.number, self._counts[own].sum(axis=0)[question.candidates])

    def fold_in(self, ratings: pd.DataFrame) -> Fitted:
        """The same counts, with more of users' films."""
        more = {
            user: np.union1d(self._films.get(user, []), films) for user, films in _by_user(ratings).items()
        }
        return Pairs(
            self._counts, self._films | {user: films.astype(np.intp) for user, films in more.items()}
        )

    def save(self, folder: Path) -> None:
        """Write counts and films."""
        films = {f"user {user}": codes for user, codes in self._films.items()}
        np.savez(folder / "together.npz", counts=self._counts, **films)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read them."""
        with np.load(folder / "together.npz", allow_pickle=False) as arrays:
            films = {name[5:]: arrays[name] for name in arrays.files if name != "counts"}
            return cls(arrays["counts"], films)


def _by_user(ratings: pd.DataFrame) -> dict[str, Codes]:
    codes = ratings["movie"].cat.codes.to_numpy().astype(np.intp)
    return {str(user): codes[rows] for user, rows in ratings.groupby("user", observed=True).indices.items()}
