"""The ranker ``lambdamart``: boosted trees that learn to find what users rate next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.fusion.blocks import Rows
from trailerflow.recommendations.rankers.fusion.boosting import boosted
from trailerflow.recommendations.rankers.fusion.fused import LearnsFromBlocks, Say


class LambdaMart(LearnsFromBlocks):
    """Boosted trees over what retrievers say of the films that they found; those are right that the user rated in the block.

    ``objective`` is ``lambdarank``, which weighs pairs by what they change in NDCG, or ``binary``, the likelihood of each
    film by itself; ``models`` of other seeds are averaged.
    """

    source = "Burges, From RankNet to LambdaRank to LambdaMART: An Overview, MSR-TR-2010-82; LightGBM"
    tasks = (FIND,)
    packages = ("lightgbm",)
    defaults: ClassVar[Mapping[str, Any]] = {
        **LearnsFromBlocks.defaults,
        "features": ["scores", "films", "likeness", "user"],
        "objective": "lambdarank",
        "trees": 200,
        "leaves": 15,
        "learning_rate": 0.05,
        "models": 1,
    }
    limits: ClassVar[Mapping[str, Limit]] = {
        **LearnsFromBlocks.limits,
        "objective": ("lambdarank", "binary"),
        "trees": (1, 10_000),
        "leaves": (2, 1000),
        "learning_rate": (1e-4, 1.0),
        "models": (1, 100),
    }

    def learn(self, rows: Rows) -> Say:
        """Grow the trees."""
        found: Floats = np.isfinite(rows.ratings).astype(float)
        return boosted(rows, found, self.settings, self.settings["objective"], self.threads)
