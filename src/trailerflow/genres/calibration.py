"""From scores to probabilities: a logistic curve for each genre, fitted on films that the system was not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from trailerflow.genres.films import Flags, Floats

TIE = 20.0
"""How firmly the slope of a genre is tied to the one that all genres share: about as firmly as by this many films."""


@dataclass(frozen=True)
class Calibration:
    """A logistic curve for each genre.

    Attributes:
        slopes: How fast the probability rises with the score, 0 or more, shape (genres,).
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
    """Fit the curves of all genres together.

    Each has the offset and the slope of least cross-entropy against Platt's smoothed targets (Probabilistic Outputs for
    Support Vector Machines, 1999), the slopes being tied to the one that all genres share: a genre with few films has about
    that one.

    Args:
        truth: Genres of n films, shape (n, genres).
        scores: Scores of these films by fits that were not trained on them, the same shape.
    """
    genres = truth.shape[1]
    positives = truth.sum(axis=0)
    negatives = len(truth) - positives
    targets = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    middle = scores.mean(axis=0)
    spread = float(scores.std()) or 1.0
    standard = (scores - middle) / spread

    def loss(values: Floats) -> tuple[float, Floats]:
        shared, apart, offsets = values[0], values[1 : genres + 1], values[genres + 1 :]
        logits = standard * (shared + apart) + offsets
        error = expit(logits) - targets
        rising = (error * standard).sum(axis=0)
        total = np.sum(np.logaddexp(0, logits) - targets * logits) + TIE / 2 * np.sum(apart**2)
        slope = np.concatenate([[rising.sum()], rising + TIE * apart, error.sum(axis=0)])
        return float(total), slope

    start = np.concatenate([np.ones(1), np.zeros(genres), logit(targets.mean(axis=0))])
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    slopes = np.maximum(found[0] + found[1 : genres + 1], 0) / spread
    return Calibration(slopes, found[genres + 1 :] - slopes * middle)
