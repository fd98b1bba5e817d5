"""Figures of rankers of films on the same users: beside chance, in pairs, and by the orders in which films were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.differences import holm, paired_difference, verdict
from trailerflow.recommendations.draws import mean_draws
from trailerflow.recommendations.metrics.contract import Placed
from trailerflow.recommendations.metrics.gains import Ndcg
from trailerflow.recommendations.metrics.pairs import PairAccuracy
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.llm.lists import AllAtOnce
from trailerflow.recommendations.rankers.llm.ranker import LlmRanker
from trailerflow.recommendations.ranking_rows import places
from trailerflow.statistics import percentile_interval

METRICS = {"NDCG@5": Ndcg(), "pair accuracy": PairAccuracy()}
CUT = 5
SEED = 0
DRAWS = 200
"""Draws of orders, for the spread of what several orders say together."""

CHANCE = "chance"


@dataclass(frozen=True)
class System:
    """What one ranker says of all users.

    Attributes:
        name: Its name in the tables.
        scores: Of each user the films' scores, in the order of the ratings.
        shown: Of each user at which place each film was shown in each order, shape (films, orders); none for a rival.
        by_order: Of each user what each order alone gives the films, the same shape.
        ranker: The ranker, for a language model.
    """

    name: str
    scores: Sequence[Floats]
    shown: Sequence[Floats] = ()
    by_order: Sequence[Floats] = ()
    ranker: LlmRanker | None = None


def figures(scores: Sequence[Floats], ratings: Sequence[Floats], metric: str) -> Floats:
    """One figure a user, shape (users,)."""
    question = np.repeat(np.arange(len(ratings)), [len(each) for each in ratings])
    order, tied = (np.concatenate(each).astype(np.int64) for each in zip(*map(places, scores), strict=True))
    ones = np.ones(len(question))
    counts = np.array([len(each) for each in ratings])
    placed = Placed(
        question, np.concatenate(ratings), np.zeros(len(question), np.int64), order, tied, ones, counts
    )
    return METRICS[metric].figures(placed, CUT)


def table_of_figures(systems: Sequence[System], ratings: Sequence[Floats]) -> pd.DataFrame:
    """Each system's figures with intervals over users, their difference to chance, and how it takes to the order shown."""
    rows = []
    values = {metric: _values(systems, ratings, metric) for metric in METRICS}
    for number, system in enumerate(systems):
        row: dict[str, object] = {"system": system.name, "users": len(ratings)}
        for metric, found in values.items():
            low, high = percentile_interval(mean_draws(found, SEED)[:, number])
            row[metric] = f"{found[:, number].mean():.3f} [{low:.3f}, {high:.3f}]"
        rows.append({**row, "echo": echo(system), **spreads(system, ratings)})
    return pd.DataFrame(rows)


def table_of_differences(systems: Sequence[System], ratings: Sequence[Floats]) -> pd.DataFrame:
    """All systems in pairs, the higher one first: the paired difference, its verdict, and what could have been seen."""
    rows = []
    for metric in METRICS:
        values = _values(systems, ratings, metric)
        by_mean = np.argsort(-values.mean(axis=0), kind="stable")
        for one, other in combinations(by_mean.tolist(), 2):
            difference = values[:, one] - values[:, other]
            draws = mean_draws(difference[:, None], SEED)[:, 0]
            found = paired_difference(float(difference.mean()), draws, len(difference))
            names = {"metric": metric, "higher": systems[one].name, "other": systems[other].name}
            rows.append({**names, **vars(found)})
    table = pd.DataFrame(rows)
    table["verdict"] = [verdict(each) for each in table.groupby("metric")["p_value"].transform(holm)]
    return table


def echo(system: System) -> float:
    """Share of the pairs of films that an answer puts into the order shown; a tied one counts half, so that 1 is an echo."""
    agreements = [
        _agreement(shown[:, order], scores[:, order])
        for shown, scores in zip(system.shown, system.by_order, strict=True)
        for order in range(shown.shape[1])
        if not np.isnan(scores[:, order]).any()
    ]
    return float(np.mean(agreements)) if agreements else float("nan")


def _agreement(shown: Floats, scores: Floats) -> float:
    first, second = np.triu_indices(len(shown), 1)
    agreed = np.sign(shown[second] - shown[first]) * np.sign(scores[first] - scores[second])
    return float(((agreed + 1) / 2).mean())


def spreads(system: System, ratings: Sequence[Floats]) -> Mapping[str, float]:
    """Standard deviation of the mean NDCG over orders: of one order alone, and of as many together as the system has.

    The second is over draws of orders with replacement.
    """
    ranker = system.ranker
    orders = min((shown.shape[1] for shown in system.shown), default=0)
    if orders < 2 or not isinstance(ranker, AllAtOnce):
        return {"spread of one order": float("nan"), "spread of all": float("nan")}
    alone = [
        figures([scores[:, order] for scores in system.by_order], ratings, "NDCG@5").mean()
        for order in range(orders)
    ]
    rng = np.random.default_rng(SEED)
    together = [_drawn(ranker, system, ratings, rng, orders) for _ in range(DRAWS)]
    return {
        "spread of one order": float(np.std(alone, ddof=1)),
        "spread of all": float(np.std(together, ddof=1)),
    }


def _drawn(
    ranker: AllAtOnce, system: System, ratings: Sequence[Floats], rng: np.random.Generator, orders: int
) -> float:
    """The mean NDCG of a draw of each user's orders."""
    scores = [
        ranker.together(by_order[:, rng.integers(0, orders, orders)], ()) for by_order in system.by_order
    ]
    return float(figures(scores, ratings, "NDCG@5").mean())


def _values(systems: Sequence[System], ratings: Sequence[Floats], metric: str) -> npt.NDArray[np.float64]:
    """Figures of every user and system, shape (users, systems)."""
    return np.stack([figures(system.scores, ratings, metric) for system in systems], axis=1)
