"""Pairs of films in the right order."""

from __future__ import annotations

import numpy as np

from trailerflow.recommendations.metrics.arrays import Floats, ratios, sums
from trailerflow.recommendations.metrics.contract import Placed, PlaceMetric


class PairAccuracy(PlaceMetric):
    """Share of the pairs of differently rated films in the right order; a tied pair counts half, so that 0.5 is chance.

    Films are counted by cumulative sums, a pass for each value of a rating, and not pair by pair: a user may have
    hundreds of held-out films.
    """

    name = "pair_accuracy"
    source = "Rendle et al., BPR: Bayesian Personalized Ranking from Implicit Feedback, UAI 2009 (AUC of each user)"

    def figures(self, placed: Placed, k: int) -> Floats:
        """The share of each question, of all its films whatever ``k``; NaN where all ratings are equal."""
        rows = np.lexsort((placed.order, placed.question))
        question, order, rating = placed.question[rows], placed.order[rows], placed.rating[rows]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (question[1:] != question[:-1]) | (order[1:] != order[:-1])
        starts = np.flatnonzero(new)
        group = np.cumsum(new) - 1
        start, end = starts[group], np.append(starts[1:], len(rows))[group]
        first, last = np.searchsorted(question, question), np.searchsorted(question, question, side="right")
        right, pairs = np.zeros(len(placed.candidates)), np.zeros(len(placed.candidates))
        for level in np.unique(rating)[1:]:
            lower = np.concatenate([[0], np.cumsum(rating < level)])
            own = np.flatnonzero(rating == level)
            below = lower[last[own]] - lower[end[own]]
            equal = lower[end[own]] - lower[start[own]]
            right += sums(question[own], below + equal / 2, len(right))
            pairs += sums(question[own], lower[last[own]] - lower[first[own]], len(pairs))
        return ratios(right, pairs)
