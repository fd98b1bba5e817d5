"""The ranker ``bias``: the mean of all ratings, what a film is rated above it, and what a user rates above that."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Floats, Ranker, Side
from trailerflow.recommendations.rankers.histories import FromHistory
from trailerflow.recommendations.rankers.lenskit_scorers import dataset_of
from trailerflow.recommendations.rankers.saved_arrays import load_arrays, save_arrays
from trailerflow.search.choices import Between

_FILE = "bias.npz"


class Bias(Ranker):
    """LensKit's damped biases; a user's comes from the history.

    Its setting is ``damping``: ratings by the mean that are added to each film and user.
    """

    source = "Koren et al., Matrix Factorization Techniques for Recommender Systems, IEEE Computer 2009, equation 3"
    packages = ("lenskit",)
    defaults = {"damping": 5.0}  # noqa: RUF012
    limits = {"damping": (0.0, 1e4)}  # noqa: RUF012
    space = {"damping": Between(0.1, 100.0, log=True)}  # noqa: RUF012

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Biases:
        """Take the mean and every film's bias, as if ``damping`` more users had given it the mean."""
        films, damping = train["movie"].cat.categories, self.settings["damping"]
        if train.empty:
            return Biases(films, 0.0, np.zeros(len(films)), damping)
        from lenskit.basic import BiasModel

        model = BiasModel.learn(dataset_of(train, self.threads), damping, entities={"item"})
        return Biases(films, model.global_bias, np.asarray(model.item_biases, dtype=float), damping)

    @classmethod
    def saved(cls) -> type[Biases]:
        """See `Ranker.saved`."""
        return Biases


class Biases(FromHistory):
    """What each film is rated above the mean.

    Args:
        films: Ids of all films, by their codes.
        mean: Mean of all ratings.
        biases: Shape (films,).
        damping: How many more ratings by the mean a user is taken to have given.
    """

    def __init__(self, films: pd.Index, mean: float, biases: Floats, damping: float) -> None:
        super().__init__(films)
        self._mean = mean
        self._biases = biases
        self._damping = damping

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """The predicted rating; the user's bias is the same for all films, and changes no order."""
        above = history.ratings - self._mean - self._biases[history.movies]
        bias = above.sum() / max(above.size + self._damping, 1.0)
        return np.asarray(self._mean + bias + self._biases[candidates])

    def save(self, folder: Path) -> None:
        """Write the biases."""
        save_arrays(folder / _FILE, self.films, biases=self._biases, mean=self._mean, damping=self._damping)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the biases.

        Raises:
            TrailerflowError: The file is missing or damaged.
        """
        films, arrays = load_arrays(folder / _FILE)
        return cls(films, float(arrays["mean"]), arrays["biases"], float(arrays["damping"]))
