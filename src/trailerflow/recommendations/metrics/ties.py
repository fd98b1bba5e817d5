"""Helpers for metrics of places: the expectation over the orders of films with equal scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailerflow.recommendations.metrics.arrays import Flags, Floats, Numbers
from trailerflow.recommendations.metrics.contract import Placed


def expected_discounts(placed: Placed, k: int) -> Floats:
    """The discount 1 / log2(1 + rank) that each film gets on average, 0 after rank ``k``; shape (m,)."""
    upto = discounts_up_to(k)
    first, last = np.clip(placed.order - 1, 0, k), np.minimum(placed.order + placed.tied, k)
    return np.where(placed.order > 0, (upto[last] - upto[first]) / (placed.tied + 1), 0.0)


def discounts_up_to(k: int) -> Floats:
    """The sums of the first 0 to ``k`` discounts, shape (k + 1,)."""
    return np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(2, k + 2)))])


def chances_within(placed: Placed, k: int) -> Floats:
    """How often each film is among the first ``k``, shape (m,)."""
    places = np.clip(k + 1 - placed.order, 0, placed.tied + 1)
    return np.where(placed.order > 0, places / (placed.tied + 1), 0.0)


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of equal scores that hold a relevant film, each of shape (groups,), the best of a question first.

    Attributes:
        question: Which question each is of.
        before: Candidates with a higher score.
        size: Candidates with this score.
        hits: Relevant films among them.
        earlier: Relevant films with a higher score.
    """

    question: Numbers
    before: Numbers
    size: Numbers
    hits: Numbers
    earlier: Numbers


def groups_with_hits(placed: Placed, relevant: Flags) -> Groups:
    """Find the groups; a film that was no candidate is in none."""
    rows = np.flatnonzero(relevant & (placed.order > 0))
    rows = rows[np.lexsort((placed.order[rows], placed.question[rows]))]
    question, order = placed.question[rows], placed.order[rows]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (question[1:] != question[:-1]) | (order[1:] != order[:-1])
    first = np.flatnonzero(new)
    return Groups(
        question=question[first],
        before=order[first] - 1,
        size=placed.tied[rows][first] + 1,
        hits=np.diff(np.append(first, len(rows))),
        earlier=first - np.searchsorted(question, question[first]),
    )
