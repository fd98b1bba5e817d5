"""Which metrics judge a protocol's rankings: by the ratings where the truth is ordered, by the places where it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.found_metrics import found_ndcg, found_recall
from trailerflow.recommendations.metrics import (
    Flags,
    Floats,
    average_precision,
    ndcg,
    pair_accuracy,
    reciprocal_rank,
)
from trailerflow.recommendations.protocols.contract import FIND, ORDER, Task

SHORT_LIST = 3
"""The base paper reports at 3 and at 5; the other cut-off is the number of held-out films."""

SHOWN = 10
"""Cut-off where the truth lies among many films."""


@dataclass(frozen=True)
class Answered:
    """What a ranker made of one user's held-out films, each of shape (films,).

    Attributes:
        ratings: What the user gave.
        scores: What the ranker gave, NaN where it gave none.
        order: 1 and the candidates with a higher score, 0 without a score.
        tied: Other candidates with the same score.
        asked: Whether the film was a candidate.
    """

    ratings: Floats
    scores: Floats
    order: npt.NDArray[np.int64]
    tied: npt.NDArray[np.int64]
    asked: npt.NDArray[np.bool_]


Metric = Callable[[Answered], float]
"""NaN where no order is better than another, or where a score is missing."""


def metrics_of(task: Task, films: int) -> list[tuple[str, int, Metric]]:
    """Name, cut-off and function of each metric.

    Args:
        task: What the protocol's rankings are judged by.
        films: Most held-out films of a user.
    """
    return {ORDER: _of_order, FIND: _of_places}[task](films)


def _of_order(films: int) -> list[tuple[str, int, Metric]]:
    found: list[tuple[str, int, Metric]] = []
    for k in sorted({min(SHORT_LIST, films), films}):
        found += [
            ("map", k, _by_score(partial(_of_liked, partial(average_precision, k=k)))),
            ("mrr", k, _by_score(partial(_of_liked, partial(reciprocal_rank, k=k)))),
            ("ndcg", k, _by_score(partial(_of_unequal, partial(ndcg, k=k)))),
        ]
    return [*found, ("pair_accuracy", films, _by_score(partial(_of_unequal, pair_accuracy)))]


def _of_places(films: int) -> list[tuple[str, int, Metric]]:
    metrics = {"ndcg": found_ndcg, "recall": found_recall}
    return [(name, SHOWN, partial(_by_place, metric)) for name, metric in metrics.items()]


def _by_score(metric: Callable[[Floats, Floats], float]) -> Metric:
    def of(films: Answered) -> float:
        if np.isnan(films.scores).any():
            return float("nan")
        return metric(films.ratings, films.scores)

    return of


def _by_place(metric: Callable[..., float], films: Answered) -> float:
    if np.isnan(films.scores[films.asked]).any():
        return float("nan")
    return metric(films.order[films.asked], films.tied[films.asked], films=films.asked.size, k=SHOWN)


def _of_liked(metric: Callable[[Flags, Floats], float], rated: Floats, scored: Floats) -> float:
    """A metric of relevant films; NaN where all or none of them are, since no order is then better."""
    liked = rated >= LIKED_RATING
    return metric(liked, scored) if liked.any() and not liked.all() else float("nan")


def _of_unequal(metric: Callable[[Floats, Floats], float], rated: Floats, scored: Floats) -> float:
    """A metric of graded ratings; NaN where all are equal, since no order is then better."""
    return metric(rated, scored) if np.ptp(rated) else float("nan")
