"""Logistic regression over the features of films: which of them a user rates next."""

from __future__ import annotations

import numpy as np

from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.fusion.blocks import Rows
from trailerflow.recommendations.rankers.fusion.fused import Say

_MOST_STEPS = 1000


def logistic(rows: Rows, strength: float) -> Say | None:
    """Weights of the standardised features; None where all films are right, or none is.

    Args:
        rows: The features; a film is right that the user rated.
        strength: Inverse of the penalty.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    right = np.isfinite(rows.ratings)
    if right.all() or not right.any():
        return None
    regression = LogisticRegression(C=strength, max_iter=_MOST_STEPS)
    model = make_pipeline(StandardScaler(), regression).fit(rows.features, right)

    def say(table: Floats) -> Floats:
        scores: Floats = model.decision_function(table)
        return scores

    return say
