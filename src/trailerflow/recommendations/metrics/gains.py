"""Normalised discounted cumulative gain, with several gains."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from trailerflow.recommendations.metrics.arrays import Flags, Floats, ratios, sums
from trailerflow.recommendations.metrics.contract import Placed, PlaceMetric
from trailerflow.recommendations.metrics.ties import discounts_up_to, expected_discounts


class GainMetric(PlaceMetric):
    """Gains times discounts of the films, over the most that could be (Järvelin & Kekäläinen, TOIS 2002).

    The discount of a rank is 1 / log2(1 + rank). Each of the tied ranks gets the mean gain of the tied films, as in
    scikit-learn's ``ndcg_score``.
    """

    @abstractmethod
    def gains(self, placed: Placed) -> Floats:
        """The gain of each film, 0 or more, shape (m,)."""

    def figures(self, placed: Placed, k: int) -> Floats:
        """NaN where all candidates have the same gain."""
        gains = self.gains(placed)
        best = _best(placed, gains, k)
        found = placed.sums(gains * expected_discounts(placed, k))
        return ratios(found, best, _matters(placed, gains))


def _best(placed: Placed, gains: Floats, k: int) -> Floats:
    """The most that the films of each question can gain, shape (n,)."""
    rows = np.lexsort((-gains, placed.question))
    question = placed.question[rows]
    rank = np.arange(len(rows)) - np.searchsorted(question, question)
    discounts = np.append(np.diff(discounts_up_to(k)), 0.0)
    return sums(question, gains[rows] * discounts[np.minimum(rank, k)], len(placed.candidates))


def _matters(placed: Placed, gains: Floats) -> Flags:
    """Whether an order can be better than another: two candidates have gains that differ; shape (n,)."""
    low = np.where(placed.films < placed.candidates, 0.0, np.inf)
    high = np.where(placed.films < placed.candidates, 0.0, -np.inf)
    np.minimum.at(low, placed.question, gains)
    np.maximum.at(high, placed.question, gains)
    differ: Flags = high > low
    return differ


class Ndcg(GainMetric):
    """The gain of a film is 2**rating - 1."""

    name = "ndcg"
    source = "Burges et al., Learning to Rank using Gradient Descent, ICML 2005"

    def gains(self, placed: Placed) -> Floats:
        """2**rating - 1."""
        return 2.0**placed.rating - 1


class LinearNdcg(GainMetric):
    """The gain of a film is its rating."""

    name = "ndcg_linear"
    source = "Järvelin & Kekäläinen, Cumulated Gain-Based Evaluation of IR Techniques, TOIS 2002"

    def gains(self, placed: Placed) -> Floats:
        """The rating."""
        return placed.rating


class FoundNdcg(GainMetric):
    """The gain is 1 for every held-out film, and 0 for the other candidates."""

    name = "ndcg"
    source = "Järvelin & Kekäläinen, Cumulated Gain-Based Evaluation of IR Techniques, TOIS 2002"

    def gains(self, placed: Placed) -> Floats:
        """1."""
        return np.ones(len(placed.question))
