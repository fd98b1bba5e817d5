"""The ranker ``light_gcn``: factors of users and films that are passed along the graph of who rated what."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Side
from trailerflow.recommendations.rankers.contract import Floats as Doubles
from trailerflow.recommendations.rankers.histories import FromHistory
from trailerflow.recommendations.rankers.same_for_all import SameForAll
from trailerflow.torch_threads import use_threads

Floats = npt.NDArray[np.float32]


class LightGcn(Ranker):
    """LightGCN on torch's sparse matrices.

    LensKit 2025.8.1 has one over torch_geometric, but its training never sets the gradients back to zero.

    Its settings are ``factors``, ``layers`` (how far factors are passed), ``epochs``, ``batch`` (ratings a step),
    ``learning_rate``, ``penalty`` (on the factors of a step) and ``seed``. It is trained on the CPU.
    """

    source = "He et al., LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation, SIGIR 2020"
    packages = ("torch",)
    defaults = {  # noqa: RUF012
        "factors": 64,
        "layers": 2,
        "epochs": 30,
        "batch": 8192,
        "learning_rate": 0.02,
        "penalty": 1e-4,
        "seed": 0,
    }
    limits = {  # noqa: RUF012
        "factors": (1, 1024),
        "layers": (1, 10),
        "epochs": (1, 10_000),
        "batch": (1, 10_000_000),
        "learning_rate": (1e-6, 1.0),
        "penalty": (0.0, 1e3),
        "seed": (0, 2**32 - 1),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Train the first factors, and pass them along."""
        films = train["movie"].cat.categories
        if train.empty:
            return SameForAll(np.zeros(len(films)))
        from trailerflow.recommendations.rankers.graph_factors import trained_layers

        use_threads(self.threads)
        users = train["user"].cat
        layers = trained_layers(
            users.codes.to_numpy().astype(np.int64),
            train["movie"].cat.codes.to_numpy().astype(np.int64),
            (len(users.categories), len(films)),
            self.settings,
        )
        raters = np.bincount(train["movie"].cat.codes, minlength=len(films))
        return Graph(films, users.categories, layers, raters)


class Graph(FromHistory):
    """Trained factors.

    A user's factors are those of the fit, passed along anew from the films of the history: of a user whom the fit did not
    know these alone.

    Args:
        films: Ids of all films, by their codes.
        users: Ids of the users of the fit.
        layers: Factors of users and then films, of each layer from the first on: shape (layers + 1, users + films, factors).
        raters: How many have rated each film, shape (films,).
    """

    def __init__(self, films: pd.Index, users: pd.Index, layers: Floats, raters: Codes) -> None:
        super().__init__(films)
        self._users = users
        self._own, of_films = layers[0, : len(users)], layers[:, len(users) :]
        self._of_films = of_films.mean(axis=0)
        self._passed = of_films[:-1].sum(axis=0) / np.sqrt(np.maximum(raters, 1))[:, None]
        self._layers = len(layers)

    def scores(self, user: str, history: History, candidates: Codes) -> Doubles:
        """The product of the user's and each film's factors."""
        passed = self._passed[history.movies].sum(axis=0) / np.sqrt(max(history.movies.size, 1))
        own = self._own[self._users.get_loc(user)] if user in self._users else 0.0
        return np.asarray(self._of_films[candidates] @ ((own + passed) / self._layers), dtype=float)
