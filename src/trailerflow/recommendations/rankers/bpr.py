"""The ranker ``bpr``: factors of users and films that put rated films before others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Side
from trailerflow.recommendations.rankers.factors import Factors, Vectors
from trailerflow.recommendations.rankers.same_for_all import SameForAll
from trailerflow.search.choices import Between


class Bpr(Ranker):
    """Bayesian personalised ranking by the package implicit, with one thread, since its threads are not reproducible.

    Its settings are ``factors``, ``epochs``, ``learning_rate``, ``penalty`` (on the factors) and ``seed``.
    """

    source = "Rendle et al., BPR: Bayesian Personalized Ranking from Implicit Feedback, UAI 2009"
    packages = ("implicit",)
    defaults = {  # noqa: RUF012
        "factors": 100,
        "epochs": 100,
        "learning_rate": 0.01,
        "penalty": 0.01,
        "seed": 0,
    }
    limits = {  # noqa: RUF012
        "factors": (1, 1000),
        "epochs": (1, 10_000),
        "learning_rate": (1e-6, 1.0),
        "penalty": (0.0, 1e3),
        "seed": (0, 2**32 - 1),
    }
    space = {  # noqa: RUF012
        "factors": Between(8, 128, log=True),
        "epochs": Between(20, 200, log=True),
        "learning_rate": Between(0.003, 0.2, log=True),
        "penalty": Between(1e-4, 0.1, log=True),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Train on pairs of a rated film and a drawn one."""
        users, films = train["user"].cat, train["movie"].cat
        shape = len(users.categories), len(films.categories)
        if train.empty:
            return SameForAll(np.zeros(shape[1]))
        from implicit.cpu.bpr import BayesianPersonalizedRanking
        from scipy.sparse import csr_matrix

        model = BayesianPersonalizedRanking(
            factors=self.settings["factors"],
            iterations=self.settings["epochs"],
            learning_rate=self.settings["learning_rate"],
            regularization=self.settings["penalty"],
            num_threads=1,
            random_state=self.settings["seed"],
        )
        rated = csr_matrix((np.ones(len(train), np.float32), (users.codes, films.codes)), shape=shape)
        model.fit(rated, show_progress=False)
        model.user_factors[:, -1] = 1.0  # of a user without ratings too: the films' biases
        return Factors(
            users.categories,
            films.categories,
            _without_biases(model.user_factors.astype(float)),
            _without_biases(model.item_factors.astype(float)),
        )


def _without_biases(vectors: Floats) -> Vectors:
    """Vectors that hold the biases among them."""
    return Vectors(np.zeros(len(vectors)), vectors)
