"""What rankers have in common that go by the likeness of a film to those that a user has rated."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Side
from trailerflow.recommendations.rankers.histories import FromHistory


class ContentKnn(Ranker):
    """How much more than the user's mean the user's films are liked, by their likeness to the film in question.

    All films of the user are neighbours. A film that is like none of them has the user's mean.
    """

    source = (
        "Lops, de Gemmis & Semeraro, Content-based Recommender Systems, Recommender Systems Handbook, 2011"
    )

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Describe every film; ratings are known from the questions."""
        films = train["movie"].cat.categories
        return Neighbours(films, self.described(films, side))

    @abstractmethod
    def described(self, films: pd.Index, side: Side) -> Any:
        """A dense or sparse row of unit length for each film, zeros where nothing is told of it."""


class Neighbours(FromHistory):
    """Films with what describes them.

    Args:
        films: Ids of all films, by their codes.
        rows: A dense or sparse row of unit length for each film.
    """

    def __init__(self, films: pd.Index, rows: Any) -> None:
        super().__init__(films)
        self._rows = rows

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """Mean of the user's ratings less their mean, weighted by likeness; what is unlike says nothing."""
        above = history.ratings - history.ratings.mean() if history.ratings.size else history.ratings
        cosines = self._rows[candidates] @ self._rows[history.movies].T
        weights = np.maximum(cosines if isinstance(cosines, np.ndarray) else cosines.toarray(), 0.0)
        total = weights.sum(axis=1)
        found: Floats = weights @ above / np.where(total > 0, total, 1.0)
        return found
