"""From scores to probabilities: a logistic curve for each genre, fitted on films that the system was not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from trailerflow.genres.films import Flags, Floats

FEWEST_POSITIVES = 10
"""Positives, and negatives, that a genre needs for a slope of its own."""

_WEAK_PENALTY = 1e3
_FURTHEST = 1e3


@dataclass(frozen=True)
class Calibration:
    """A logistic curve for each genre.

    Attributes:
        slopes: How fast the probability rises with the score, above 0, shape (genres,).
        offsets: The logit of the probability at score 0, shape (genres,).
    """

    slopes: Floats
    offsets: Floats

    def logits(self, scores: Floats) -> Floats:
        """The logits of the probabilities of films, shape (n, genres)."""
        return scores * self.slopes + self.offsets

    def probabilities(self, scores: Floats) -> Floats:
        """The probability that each film has each genre, shape (n, genres)."""
        said: Floats = expit(self.logits(scores))
        return said


def fit_calibration(truth: Flags, scores: Floats) -> Calibration:
    """Fit the curves (Platt, Probabilistic Outputs for Support Vector Machines, 1999).

    A genre with few positives, or whose score falls where it should rise, takes the slope that all genres have together, and
    the offset at which its mean probability is its share of films.

    Args:
        truth: Genres of n films, shape (n, genres).
        scores: Scores of these films by fits that were not trained on them, the same shape.
    """
    pooled = _pooled_slope(truth, scores)
    curves = [_curve(truth[:, genre], scores[:, genre], pooled) for genre in range(truth.shape[1])]
    slopes, offsets = np.array(curves, dtype=float).T
    return Calibration(slopes, offsets)


def _curve(truth: Flags, scores: Floats, pooled: float) -> tuple[float, float]:
    positives = int(truth.sum())
    if min(positives, len(truth) - positives) >= FEWEST_POSITIVES:
        spread = float(scores.std()) or 1.0
        model = LogisticRegression(C=_WEAK_PENALTY).fit((scores / spread)[:, None], truth)
        slope = float(model.coef_[0, 0]) / spread
        if slope > 0:
            return slope, float(model.intercept_[0])
    share = (positives + 0.5) / (len(truth) + 1)
    rising = scores * pooled
    offset = brentq(lambda value: float(expit(rising + value).mean()) - share, -_FURTHEST, _FURTHEST)
    return pooled, float(offset)


def _pooled_slope(truth: Flags, scores: Floats) -> float:
    """The slope of all genres together, each with an offset of its own; 0 where there is none above 0."""
    spread = float(scores.std()) or 1.0
    films, genres = truth.shape
    own = np.tile(np.eye(genres), (films, 1))
    told = truth.ravel()
    if not told.any() or told.all():
        return 0.0
    columns = np.hstack([scores.ravel()[:, None] / spread, own])
    model = LogisticRegression(C=_WEAK_PENALTY, fit_intercept=False, max_iter=1000).fit(columns, told)
    return max(float(model.coef_[0, 0]), 0.0) / spread
