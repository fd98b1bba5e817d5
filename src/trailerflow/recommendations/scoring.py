"""Every ranker's figures beside those of chance and of an oracle, with intervals over users."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.metrics import (
    Flags,
    Floats,
    average_precision,
    ndcg,
    pair_accuracy,
    reciprocal_rank,
)
from trailerflow.row_kinds import CHANCE, ORACLE, REFERENCE, SYSTEM
from trailerflow.statistics import bootstrap_interval

SHORT_LIST = 3
"""The base paper reports at 3 and at 5; the other cut-off is the number of held-out films."""

COLUMN_TYPES = {
    "ranker": str,
    "row_kind": str,
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
    "note": str,
}

NOTES = (
    (
        "Each user's held-out films are ranked; every figure is the mean over users, with a 95 % "
        "bootstrap interval over users, and the expectation over all orders of films that a ranker "
        "scored equally."
    ),
    (
        "ndcg: gains 2**rating - 1, over users whose held-out ratings differ. pair_accuracy: pairs of "
        "differently rated films in the right order, a tied pair counts half, over the same users."
    ),
    (
        f"map and mrr: a film is relevant when the user rated it {LIKED_RATING:g} or more, over users "
        "who have both a relevant and another film among the held-out ones; for the others every order "
        "is equally good."
    ),
    (
        "difference: the ranker less chance for the same users, with its own interval. chance is the "
        "exact expectation of a random order, oracle the order of the true ratings."
    ),
    (
        "Timestamps hold within a user only: other users' ratings train the baselines whenever they "
        "were given, and so do the user's own later ratings of films outside this run."
    ),
)

Metric = Callable[[Floats, Floats], float]
"""Takes a user's ratings and a ranker's scores of the same films."""


def score_rankings(
    users: pd.DataFrame,
    test: pd.DataFrame,
    baselines: pd.DataFrame,
    llm: pd.DataFrame,
    *,
    seed: int,
    published: Sequence[dict[str, object]] = (),
) -> pd.DataFrame:
    """Score all rankers: the baselines for all users, and again beside the language models for theirs.

    Args:
        users: user, set.
        test: The held-out ratings: user, movie, rating.
        baselines: ranker, user, movie, score for all users.
        llm: The same for the users of set "llm"; a missing score leaves the user out of its ranker's figures.
        seed: Seed of the bootstrap.
        published: Rows of published figures, by the names of these columns.

    Returns:
        One row per ranker, set of users, metric and cut-off (see `COLUMN_TYPES`), the published rows last.
    """
    rows: list[dict[str, object]] = []
    drawn = users[users["set"] == "llm"]
    for name, members, rankings in (("all", users, [baselines]), ("llm", drawn, [baselines, llm])):
        ratings = test[test["user"].isin(members["user"])]
        if not ratings.empty:
            rows += _score_set(name, ratings, pd.concat(rankings, ignore_index=True), seed)
    return pd.DataFrame([*rows, *published], columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _score_set(
    name: str, ratings: pd.DataFrame, rankings: pd.DataFrame, seed: int
) -> list[dict[str, object]]:
    """The rows of one set of users."""
    random = ratings.assign(score=0.0)
    scores = [(CHANCE, REFERENCE, random), (ORACLE, REFERENCE, ratings.assign(score=ratings["rating"]))]
    for ranker, frame in rankings.groupby("ranker", sort=False):
        scored = ratings.merge(
            frame[["user", "movie", "score"]], on=["user", "movie"], how="left", validate="one_to_one"
        )
        scores.append((str(ranker), SYSTEM, scored))
    films = int(ratings.groupby("user").size().max())
    rows = []
    for metric, k, value in _metrics(films):
        chance = _per_user(random, value)
        for ranker, row_kind, frame in scores:
            row = {"ranker": ranker, "row_kind": row_kind, "users_set": name, "metric": metric, "k": k}
            rows.append(row | _figures(_per_user(frame, value), chance, seed))
    return rows


def _metrics(films: int) -> list[tuple[str, int, Metric]]:
    """Name, cut-off and function of each metric."""
    found: list[tuple[str, int, Metric]] = []
    for k in sorted({min(SHORT_LIST, films), films}):
        found += [
            ("map", k, partial(_of_liked, partial(average_precision, k=k))),
            ("mrr", k, partial(_of_liked, partial(reciprocal_rank, k=k))),
            ("ndcg", k, partial(_of_unequal, partial(ndcg, k=k))),
        ]
    return [*found, ("pair_accuracy", films, partial(_of_unequal, pair_accuracy))]


def _of_liked(metric: Callable[[Flags, Floats], float], rated: Floats, scored: Floats) -> float:
    """A metric of relevant films; NaN where all or none of them are, since no order is then better."""
    liked = rated >= LIKED_RATING
    return metric(liked, scored) if liked.any() and not liked.all() else float("nan")


def _of_unequal(metric: Metric, rated: Floats, scored: Floats) -> float:
    """A metric of graded ratings; NaN where all are equal, since no order is then better."""
    return metric(rated, scored) if np.ptp(rated) else float("nan")


def _per_user(frame: pd.DataFrame, value: Metric) -> pd.Series:
    """A metric of each user, NaN where a score is missing or no order could fail."""
    found = {
        user: np.nan
        if rows["score"].isna().any()
        else value(rows["rating"].to_numpy(float), rows["score"].to_numpy())
        for user, rows in frame.groupby("user", sort=False)
    }
    return pd.Series(found, dtype=float)


def _figures(values: pd.Series, chance: pd.Series, seed: int) -> dict[str, object]:
    kept = values.dropna()
    left_out = len(values) - len(kept)
    without_score = int(values.isna().sum() - chance.isna().sum())
    difference = kept - chance[kept.index]
    low, high = bootstrap_interval(kept, seed=seed)
    difference_low, difference_high = bootstrap_interval(difference, seed=seed)
    return {
        "value": kept.mean(),
        "low": low,
        "high": high,
        "difference": difference.mean(),
        "difference_low": difference_low,
        "difference_high": difference_high,
        "users": len(kept),
        "left_out": left_out,
        "note": f"left out because not all their films were scored: {without_score}" if without_score else "",
    }
