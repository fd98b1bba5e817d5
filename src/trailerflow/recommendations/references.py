"""What rankings are compared with: a random order, and the right one. Neither is a ranker, and neither needs a fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from trailerflow.recommendations.answers import Answers
from trailerflow.recommendations.judged import Judged
from trailerflow.recommendations.metrics.arrays import Numbers
from trailerflow.recommendations.protocols.contract import ORDER
from trailerflow.recommendations.ranking_rows import BEST
from trailerflow.row_kinds import CHANCE, ORACLE

_NOTHING: Numbers = np.empty((2, 0), dtype=np.int64)


def chance(judged: Judged) -> Answers:
    """Every candidate has the same score: metrics give the exact expectation of a random order."""
    candidates = judged.candidates[judged.question]
    question, film = _NOTHING if judged.drawn_lists is None else judged.drawn_lists
    best = np.inf if judged.drawn_lists is None else BEST
    return Answers(
        asked=np.ones(len(judged.user), dtype=bool),
        lacking=np.zeros(len(judged.user), dtype=bool),
        placed=judged.placed(np.ones_like(candidates), candidates - 1, np.minimum(best / candidates, 1.0)),
        question=question,
        film=film,
        order=np.ones_like(question),
        tied=judged.candidates[question] - 1,
    )


def oracle(judged: Judged) -> Answers:
    """The true ratings are the scores, and the truth stands before all other candidates; it shows nothing else."""
    films = np.bincount(judged.question, minlength=len(judged.user))
    order, tied = np.ones_like(judged.question), films[judged.question] - 1
    if judged.task == ORDER:
        order, tied = _places_by_rating(judged)
    return Answers(
        asked=np.ones(len(judged.user), dtype=bool),
        lacking=np.zeros(len(judged.user), dtype=bool),
        placed=judged.placed(order, tied, np.ones(len(order))),
        question=_NOTHING[0],
        film=_NOTHING[1],
        order=_NOTHING[0],
        tied=_NOTHING[0],
    )


def _places_by_rating(judged: Judged) -> tuple[Numbers, Numbers]:
    """Where each held-out film stands among those of its question, by its rating: order and tied."""
    rows = np.lexsort((-judged.rating, judged.question))
    keys = np.stack([judged.question, -judged.rating], axis=1)[rows]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    group = np.cumsum(new) - 1
    question = judged.question[rows]
    order, tied = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.int64)
    order[rows] = starts[group] - np.searchsorted(question, question) + 1
    tied[rows] = np.diff(np.append(starts, len(rows)))[group] - 1
    return order, tied


REFERENCES: dict[str, Callable[[Judged], Answers]] = {CHANCE: chance, ORACLE: oracle}
"""By name."""
