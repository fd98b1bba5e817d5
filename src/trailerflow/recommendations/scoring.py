"""Every ranker's figures beside those of chance and of an oracle, with intervals over users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.arms import Arm
from trailerflow.recommendations.draws import mean_draws
from trailerflow.recommendations.figures import Figures, Key
from trailerflow.recommendations.metrics.arrays import Floats
from trailerflow.recommendations.protocol_metrics import CATALOGUE_METRICS, SHOWN
from trailerflow.row_kinds import SYSTEM
from trailerflow.statistics import percentile_interval

COLUMN_TYPES = {
    "ranker": str,
    "row_kind": str,
    "split": str,
    "protocol": str,
    "ties": str,
    "users_set": str,
    "metric": str,
    "k": "Int64",
    "value": float,
    "low": float,
    "high": float,
    "difference": float,
    "difference_low": float,
    "difference_high": float,
    "users": "Int64",
    "left_out": "Int64",
    "folds": "Int64",
    "seeds": "Int64",
    "note": str,
}
"""One row a ranker, split, protocol, arm of ties, set of users, metric and cut-off. ``folds`` and ``seeds``
count what a user's figure is the mean over."""

NOTES = (
    (
        "Every figure is the mean over users, with a 95 % bootstrap interval over users, and the expectation over all "
        "orders of films that a ranker scored equally. A user's figure is the mean over folds and tie seeds."
    ),
    (
        "ties: ratings of one second were put into an order by recorded seeds (random) or by the film's id (by_id), as "
        "much was published; the second stands apart."
    ),
    (
        "Protocols that ask for an order. ndcg: gains 2**rating - 1; ndcg_linear: gains of the rating; over users whose "
        "held-out ratings differ. pair_accuracy: pairs of differently rated films in the right order, a tied pair counts "
        f"half. map and mrr: a film is relevant when the user rated it {LIKED_RATING:g} or more, over users who have both "
        "a relevant and another film among the held-out ones."
    ),
    (
        "report and paper judge by the true order of the films: ndcg has gains from n to 1 along it. In report mrr is that "
        "of the first film of it, and map, the mean of rank / n, is the same for every order; in paper map and mrr are 1 "
        "for every order, since all films count as relevant."
    ),
    (
        "Protocols that seek the films. Every held-out film is relevant, with a gain of 1. candidate_recall: share of "
        "them in the ranker's whole list, which a reranker could find."
    ),
    (
        f"Of the first {SHOWN} films that are shown. novelty: bits, -log2 of the share of users who have rated a film; "
        "popularity: that share; popularity_bias: less the mean share of the films that the user has rated; diversity: 1 "
        "less the mean cosine of two films' genres; distinct_films: different films shown to all users; coverage: their "
        "share of all candidates."
    ),
    (
        "difference: the ranker less chance for the same users, with its own interval. chance is the exact expectation of "
        "a random order (of what is shown, a random list), oracle the order of the true ratings."
    ),
)


def score_rankings(
    arms: Iterable[Arm], *, seed: int, published: Sequence[Mapping[str, object]] = ()
) -> pd.DataFrame:
    """Score the rankers of every protocol.

    Args:
        arms: The rankers side by side.
        seed: Seed of the bootstrap.
        published: Rows of published figures, by the names of these columns.

    Returns:
        See `COLUMN_TYPES`; the published rows come last.
    """
    rows = [arm.place | arm.repeats | row for arm in arms for row in _rows(arm, seed)]
    return pd.DataFrame([*rows, *published], columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _rows(arm: Arm, seed: int) -> list[dict[str, object]]:
    """The rows of an arm, metric by metric, chance first."""
    rows = []
    for key in arm.keys:
        values = arm.of(key)
        differences = values - values[:, :1]
        draws, further = (mean_draws(each, seed) for each in (values, differences))
        for number, one in enumerate(arm.rankers):
            if np.isnan(values[:, number]).all() and one.row_kind != SYSTEM:
                continue
            rows.append(
                _names(one, key)
                | _figure("value", ("low", "high"), values[:, number], draws[:, number])
                | _figure(
                    "difference",
                    ("difference_low", "difference_high"),
                    differences[:, number],
                    further[:, number],
                )
                | _counts(one, arm, values[:, [0, number]])
            )
    return [*rows, *_of_all(arm)]


def _names(one: Figures, key: Key) -> dict[str, object]:
    return {"ranker": one.ranker, "row_kind": one.row_kind, "metric": key[0], "k": key[1], "note": ""}


def _figure(name: str, bounds: tuple[str, str], values: Floats, draws: Floats) -> dict[str, object]:
    """A mean with its interval."""
    kept = values[~np.isnan(values)]
    mean = float(kept.mean()) if kept.size else np.nan
    return {name: mean, **dict(zip(bounds, percentile_interval(draws), strict=True))}


def _counts(one: Figures, arm: Arm, values: Floats) -> dict[str, object]:
    """Users with a figure and without; ``values`` are those of chance and of the ranker, shape (U, 2)."""
    by_chance, own = (~np.isnan(values)).sum(axis=0).tolist()
    without = by_chance - own
    note = f"left out because not all their films were scored: {without}" if without > 0 else ""
    return {"users": own, "left_out": len(values) - own, "note": note}


def _of_all(arm: Arm) -> list[dict[str, object]]:
    """The figures of all that is shown, which have no interval."""
    rows = []
    for metric in CATALOGUE_METRICS:
        figures = [one.of_all.get((metric.name, arm.users_set, arm.ties), np.nan) for one in arm.rankers]
        rows += [
            _names(one, (metric.name, SHOWN))
            | {"value": value, "difference": value - figures[0], "users": len(arm.users), "left_out": 0}
            for one, value in zip(arm.rankers, figures, strict=True)
            if not np.isnan(value)
        ]
    return rows
