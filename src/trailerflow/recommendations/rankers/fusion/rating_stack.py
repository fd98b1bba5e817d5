"""The ranker ``rating_stack``: how the ratings that others predict are weighed, learnt from blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import ORDER
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.fusion.blocks import Rows
from trailerflow.recommendations.rankers.fusion.boosting import LIMITS, boosted
from trailerflow.recommendations.rankers.fusion.fused import LearnsFromBlocks, Say


class RatingStack(LearnsFromBlocks):
    """Ratings of the blocks, each less the user's mean there, by a ridge regression or by boosted trees.

    Only differences within a question are learnt, since only these make an order.
    """

    source = "Sill et al., Feature-Weighted Linear Stacking, arXiv:0911.0460; LightGBM"
    tasks = (ORDER,)
    second_pass = False
    packages = ("lightgbm", "scikit-learn")
    defaults: ClassVar[Mapping[str, Any]] = {
        **LearnsFromBlocks.defaults,
        "features": ["centred"],
        "model": "linear",
        "penalty": 10.0,
        "trees": 100,
        "leaves": 7,
        "learning_rate": 0.03,
        "models": 1,
    }
    limits: ClassVar[Mapping[str, Limit]] = {
        **LearnsFromBlocks.limits,
        **LIMITS,
        "model": ("linear", "trees"),
        "penalty": (0.0, 1e9),
    }

    def learn(self, rows: Rows) -> Say:
        """Fit the regression."""
        from sklearn.linear_model import Ridge

        starts = np.concatenate([[0], np.cumsum(rows.groups)[:-1]])
        sizes = np.array(rows.groups)
        means = np.add.reduceat(np.nan_to_num(rows.ratings), starts) / sizes
        centred: Floats = np.nan_to_num(rows.ratings) - np.repeat(means, sizes)
        if self.settings["model"] == "trees":
            return boosted(rows, centred, self.settings, "regression", self.threads)
        ridge = Ridge(alpha=self.settings["penalty"], fit_intercept=False).fit(rows.features, centred)

        def say(table: Floats) -> Floats:
            scores: Floats = ridge.predict(table)
            return scores

        return say
