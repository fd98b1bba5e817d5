"""One logistic regression for each genre, its positives weighted up to its negatives."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from trailerflow.genres.films import Flags, Floats

MOST_STEPS = 300


def fit_logistic(features: Any, labels: Flags, weights: Floats, strength: float) -> tuple[Floats, Floats]:
    """Fit the regressions.

    A genre that all rows have, or none, has no coefficients, and the logit of its share.

    Args:
        features: Of n rows, shape (n, dimensions), dense or sparse.
        labels: Genres of the rows, shape (n, genres).
        weights: How much each row counts, shape (n,).
        strength: Inverse of the L2 penalty, scikit-learn's ``C``.

    Returns:
        Coefficients, shape (dimensions, genres), and offsets, shape (genres,).
    """
    coefficients: Floats = np.zeros((features.shape[1], labels.shape[1]))
    offsets: Floats = np.zeros(labels.shape[1])
    for genre in range(labels.shape[1]):
        told = labels[:, genre]
        if told.all() or not told.any():
            share = (told.sum() + 0.5) / (len(told) + 1)
            offsets[genre] = np.log(share / (1 - share))
            continue
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=MOST_STEPS, tol=1e-3)
        model.fit(features, told, sample_weight=weights)
        coefficients[:, genre], offsets[genre] = model.coef_[0], model.intercept_[0]
    return coefficients, offsets
