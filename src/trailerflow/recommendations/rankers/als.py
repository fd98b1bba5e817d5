"""The ranker ``als``: factors of users and films from which films were rated, by alternating least squares."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Floats, Ranker, Side
from trailerflow.recommendations.rankers.histories import FromHistory, cosines, recency
from trailerflow.recommendations.rankers.lenskit_scorers import dataset_of, rated_films, train_scorer
from trailerflow.recommendations.rankers.saved_arrays import (
    load_arrays,
    number_or_nan,
    number_or_none,
    save_arrays,
)
from trailerflow.search.choices import Between

_FILE = "als.npz"


class Als(Ranker):
    """LensKit's implicit matrix factorisation; a user's factors come from the history.

    Its settings are ``factors``, ``epochs``, ``penalty`` (on the factors), ``weight`` (how much more a rated film counts
    than one that is not), ``half_life`` and ``seed``. With ``half_life`` a rating of the history weighs half as much for
    every so many ratings that came after it.
    """

    source = "Hu et al., Collaborative Filtering for Implicit Feedback Datasets, ICDM 2008"
    packages = ("lenskit",)
    defaults = {"factors": 64, "epochs": 10, "penalty": 0.1, "weight": 40.0, "half_life": None, "seed": 0}  # noqa: RUF012
    limits = {  # noqa: RUF012
        "factors": (1, 1000),
        "epochs": (1, 1000),
        "penalty": (1e-6, 1e4),
        "weight": (1e-3, 1e4),
        "half_life": (0.1, 1e4),
        "seed": (0, 2**32 - 1),
    }
    space = {  # noqa: RUF012
        "factors": Between(8, 128, log=True),
        "epochs": Between(5, 30),
        "penalty": Between(0.01, 100.0, log=True),
        "weight": Between(0.3, 100.0, log=True),
        "half_life": Between(1.0, 100.0, log=True),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Factors:
        """Train the films' factors."""
        films = train["movie"].cat.categories
        weight, penalty, half_life = (self.settings[name] for name in ("weight", "penalty", "half_life"))
        if train.empty:
            return Factors(films, np.zeros((len(films), 1)), weight, penalty, half_life)
        from lenskit.als import ImplicitMFScorer

        scorer = ImplicitMFScorer(
            embedding_size=self.settings["factors"],
            epochs=self.settings["epochs"],
            regularization=penalty,
            weight=weight,
        )
        train_scorer(scorer, dataset_of(train, self.threads), seed=self.settings["seed"])
        factors = np.where(rated_films(train)[:, None], scorer.item_embeddings, 0.0)
        return Factors(films, factors, weight, penalty, half_life)

    @classmethod
    def saved(cls) -> type[Factors]:
        """See `Ranker.saved`."""
        return Factors


class Factors(FromHistory):
    """Factors of the films.

    Args:
        films: Ids of all films, by their codes.
        factors: Shape (films, factors).
        weight: How much more a rated film counts than one that is not.
        penalty: Penalty on a user's factors.
        half_life: Ratings after which one of the history weighs half; None for all the same.
    """

    def __init__(
        self, films: pd.Index, factors: Floats, weight: float, penalty: float, half_life: float | None
    ) -> None:
        super().__init__(films)
        self._factors = factors
        self._weight = weight
        self._penalty = penalty
        self._half_life = half_life
        self._all_films = factors.T @ factors + penalty * np.eye(factors.shape[1])

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """The product with the user's factors, which solve equation 4 of the source; 0 where there is no history."""
        own = self._factors[history.movies]
        weights = self._weight * recency(history.movies.size, self._half_life)
        solved = np.linalg.solve(self._all_films + (own.T * weights) @ own, (1 + weights) @ own)
        return np.asarray(self._factors[candidates] @ solved)

    def likeness_to(self, film: int, others: Codes) -> Floats:
        """The cosines of the factors."""
        return cosines(self._factors, film, others)

    def save(self, folder: Path) -> None:
        """Write the factors."""
        save_arrays(
            folder / _FILE,
            self.films,
            factors=self._factors,
            weight=self._weight,
            penalty=self._penalty,
            half_life=number_or_nan(self._half_life),
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the factors.

        Raises:
            TrailerflowError: The file is missing or damaged.
        """
        films, arrays = load_arrays(folder / _FILE)
        weight, penalty = float(arrays["weight"]), float(arrays["penalty"])
        return cls(films, arrays["factors"], weight, penalty, number_or_none(arrays["half_life"]))
