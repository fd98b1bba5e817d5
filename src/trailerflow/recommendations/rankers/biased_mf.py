"""The ranker ``biased_mf``: ratings from biases and factors of users and films."""

from __future__ import annotations

from typing import Any

from trailerflow.recommendations.rankers.lenskit_scorers import LensKitRanker
from trailerflow.search.choices import Between


class BiasedMf(LensKitRanker):
    """LensKit's biased matrix factorisation by alternating least squares; a user's factors come from the history.

    Its settings are ``factors``, ``epochs``, ``penalty`` (on the factors), ``damping`` (of the biases: ratings by the mean
    that are added to each) and ``seed``.
    """

    source = (
        "Koren et al., Matrix Factorization Techniques for Recommender Systems, IEEE Computer 2009; "
        "Zhou et al., Large-Scale Parallel Collaborative Filtering for the Netflix Prize, AAIM 2008"
    )
    defaults = {"factors": 50, "epochs": 10, "penalty": 0.1, "damping": 5.0, "seed": 0}  # noqa: RUF012
    limits = {  # noqa: RUF012
        "factors": (1, 1000),
        "epochs": (1, 1000),
        "penalty": (1e-6, 1e4),
        "damping": (0.0, 1e4),
        "seed": (0, 2**32 - 1),
    }
    space = {  # noqa: RUF012
        "factors": Between(4, 128, log=True),
        "epochs": Between(5, 30),
        "penalty": Between(0.01, 1.0, log=True),
        "damping": Between(0.5, 50.0, log=True),
    }

    def scorer(self) -> Any:
        """LensKit's scorer."""
        from lenskit.als import BiasedMFScorer

        return BiasedMFScorer(
            embedding_size=self.settings["factors"],
            epochs=self.settings["epochs"],
            regularization=self.settings["penalty"],
            damping=self.settings["damping"],
        )
