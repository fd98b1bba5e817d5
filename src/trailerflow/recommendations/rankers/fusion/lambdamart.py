"""The ranker ``lambdamart``: boosted trees that learn to find what users rate next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.fusion.blocks import Rows
from trailerflow.recommendations.rankers.fusion.boosting import LIMITS, boosted
from trailerflow.recommendations.rankers.fusion.fused import LearnsFromBlocks, Say
from trailerflow.recommendations.rankers.fusion.logistic import logistic

_LEAST = 1e-9
"""Least deviation."""


class LambdaMart(LearnsFromBlocks):
    """Boosted trees over what retrievers say of the films that they found; those are right that the user rated in the block.

    ``objective`` is ``lambdarank``, which weighs pairs by what they change in NDCG, or ``binary``, the likelihood of each
    film by itself; ``models`` of other seeds are averaged. ``linear_share`` is how much of the score is that of a logistic
    regression on the same features, both being standardised on the blocks: trees and lines err at other films.
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
        "linear_share": 0.0,
    }
    limits: ClassVar[Mapping[str, Limit]] = {
        **LearnsFromBlocks.limits,
        **LIMITS,
        "objective": ("lambdarank", "binary"),
        "linear_share": (0.0, 1.0),
    }

    def learn(self, rows: Rows) -> Say:
        """Grow the trees."""
        found: Floats = np.isfinite(rows.ratings).astype(float)
        trees = boosted(rows, found, self.settings, self.settings["objective"], self.threads)
        share = self.settings["linear_share"]
        linear = logistic(rows, strength=1.0) if share else None
        if linear is None:
            return trees
        return mixed([(1 - share, trees), (share, linear)], rows)


def mixed(parts: Sequence[tuple[float, Say]], rows: Rows) -> Say:
    """The weighted sum of several scores, each by its deviation on the rows that were learnt from."""
    weights = [weight / max(float(np.std(say(rows.features))), _LEAST) for weight, say in parts]

    def say_all(table: Floats) -> Floats:
        said = [weight * say(table) for weight, (_, say) in zip(weights, parts, strict=True)]
        scores: Floats = np.sum(said, axis=0)
        return scores

    return say_all
