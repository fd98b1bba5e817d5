"""The ranker ``linear_stack``: a weight for each ranker that is read, learnt from blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.fusion.blocks import Rows
from trailerflow.recommendations.rankers.fusion.fused import LearnsFromBlocks, Say


class LinearStack(LearnsFromBlocks):
    """Logistic regression over standardised features; a film is right that the user rated in the block.

    ``strength`` is the inverse of the penalty.
    """

    source = "Wolpert, Stacked Generalization, Neural Networks 1992"
    tasks = (FIND,)
    packages = ("scikit-learn",)
    defaults: ClassVar[Mapping[str, Any]] = {**LearnsFromBlocks.defaults, "strength": 1.0}
    limits: ClassVar[Mapping[str, Limit]] = {**LearnsFromBlocks.limits, "strength": (1e-6, 1e6)}

    def learn(self, rows: Rows) -> Say:
        """Fit the weights; with one kind of film alone there are none."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        right = np.isfinite(rows.ratings)
        if right.all():
            return lambda table: table[:, : len(self.settings["reads"])].mean(axis=1)
        regression = LogisticRegression(C=self.settings["strength"], max_iter=1000)
        model = make_pipeline(StandardScaler(), regression).fit(rows.features, right)

        def say(table: Floats) -> Floats:
            scores: Floats = model.decision_function(table)
            return scores

        return say
