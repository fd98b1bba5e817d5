"""The ranker ``linear_stack``: a weight for each ranker that is read, learnt from blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.rankers.fusion.blocks import Rows
from trailerflow.recommendations.rankers.fusion.fused import LearnsFromBlocks, Say
from trailerflow.recommendations.rankers.fusion.logistic import logistic


class LinearStack(LearnsFromBlocks):
    """Logistic regression over standardised features; those films are right that the user rated in the block.

    ``strength`` is the inverse of the penalty.
    """

    source = "Wolpert, Stacked Generalization, Neural Networks 1992"
    tasks = (FIND,)
    packages = ("scikit-learn",)
    defaults: ClassVar[Mapping[str, Any]] = {**LearnsFromBlocks.defaults, "strength": 1.0}
    limits: ClassVar[Mapping[str, Limit]] = {**LearnsFromBlocks.limits, "strength": (1e-6, 1e6)}

    def learn(self, rows: Rows) -> Say:
        """Fit the weights; where nothing can be learnt they are equal."""
        return logistic(rows, self.settings["strength"]) or self.equal_weights
