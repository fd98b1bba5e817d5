"""LightGBM's trees, as rankers use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trailerflow.own_settings import Limit
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.fusion.blocks import Rows
from trailerflow.recommendations.rankers.fusion.fused import Say

_FIXED = {
    "min_data_in_leaf": 50,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambdarank_truncation_level": 20,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}

LIMITS: dict[str, Limit] = {
    "trees": (1, 10_000),
    "leaves": (2, 1000),
    "learning_rate": (1e-4, 1.0),
    "models": (1, 100),
}
"""Of the settings of trees."""


def boosted(rows: Rows, labels: Floats, settings: Mapping[str, Any], objective: str, threads: int) -> Say:
    """Grow trees of several seeds, whose scores are averaged.

    Args:
        rows: The features, question by question.
        labels: What is to be predicted, shape (films,).
        settings: ``trees``, ``leaves``, ``learning_rate``, ``models`` and ``seed``.
        objective: One of LightGBM's.
        threads: CPU threads.
    """
    import lightgbm

    chosen = {
        **_FIXED,
        "objective": objective,
        "num_leaves": settings["leaves"],
        "learning_rate": settings["learning_rate"],
        "num_threads": threads,
    }
    data = lightgbm.Dataset(rows.features, labels, group=rows.groups, free_raw_data=False)
    models = [
        lightgbm.train({**chosen, "seed": settings["seed"] + number}, data, settings["trees"])
        for number in range(settings["models"])
    ]

    def say(table: Floats) -> Floats:
        scores: Floats = np.mean(
            [model.predict(table, raw_score=True, num_threads=1) for model in models], axis=0
        )
        return scores

    return say
