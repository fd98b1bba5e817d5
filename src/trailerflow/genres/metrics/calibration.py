"""Whether probabilities can be taken at their word: the calibration curve and its expected error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailerflow.genres.films import Flags, Floats
from trailerflow.genres.metrics.contract import (
    MICRO,
    PROBABILITIES,
    Metric,
    Said,
    Weights,
    of_genres,
)

BINS = 10
"""Bins of equal width between 0 and 1."""


@dataclass(frozen=True)
class Bin:
    """Decisions with nearly the same probability.

    Attributes:
        low: Lower bound of the bin.
        high: Upper bound.
        decisions: How many decisions lie in it.
        probability: Their mean probability.
        share: Share of them that are right.
    """

    low: float
    high: float
    decisions: int
    probability: float
    share: float


def calibration_curve(truth: Flags, probabilities: Floats) -> list[Bin]:
    """The bins that hold decisions, from low probabilities to high ones.

    Args:
        truth: Which of m decisions are right, any shape.
        probabilities: Their probabilities, the same shape.
    """
    place = _bin_of(probabilities).ravel()
    counts = np.bincount(place, minlength=BINS)
    said = np.bincount(place, probabilities.ravel(), BINS)
    right = np.bincount(place, truth.ravel(), BINS)
    return [
        Bin(number / BINS, (number + 1) / BINS, int(count), said[number] / count, right[number] / count)
        for number, count in enumerate(counts)
        if count
    ]


def _bin_of(probabilities: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Number of the bin of each probability; 1 lies in the last."""
    return np.minimum((probabilities * BINS).astype(np.intp), BINS - 1)


class CalibrationError(Metric):
    """Expected calibration error: how far mean probability and share of right decisions lie apart, bin by bin.

    Bins weigh as many decisions as they hold (Naeini, Cooper & Hauskrecht, AAAI 2015). It is given without an interval,
    since draws with repeated films make it larger.
    """

    name = "calibration_error"
    reads = PROBABILITIES
    bounded = False

    def figures(self, said: Said, weights: Weights) -> dict[str, Floats]:
        """Micro, over all decisions, and each genre with enough positives."""
        off = said.values - said.truth
        place = _bin_of(said.values)
        # The signed error of each movie and genre in each bin: shape (n, 18, bins).
        errors = np.where(place[:, :, None] == np.arange(BINS), off[:, :, None], 0.0)
        drawn = weights.sum(axis=1)
        sums = np.tensordot(weights, errors, axes=(1, 0))
        of_genre = np.abs(sums).sum(axis=2) / drawn[:, None]
        pooled = np.abs(sums.sum(axis=1)).sum(axis=1) / (drawn * said.truth.shape[1])
        return {MICRO: pooled, **of_genres(of_genre, said.enough)}
