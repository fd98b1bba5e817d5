"""Every ranker's figures beside those of chance and of an oracle, with intervals over users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.protocol_metrics import Answered, metrics_of
from trailerflow.recommendations.protocols.contract import DRAWN, Task
from trailerflow.recommendations.references import REFERENCES, UNIT
from trailerflow.row_kinds import CHANCE, REFERENCE, SYSTEM, RowKind
from trailerflow.statistics import bootstrap_interval

COLUMN_TYPES = {
    "ranker": str,
    "row_kind": str,
    "split": str,
    "protocol": str,
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


@dataclass(frozen=True)
class Judged:
    """What one protocol asked of a split's test parts, and what the rankers answered.

    Attributes:
        split: Name of the split.
        protocol: Name of the protocol.
        task: What its rankings are judged by.
        users: fold, seed, user, set.
        truth: fold, seed, user, movie, rating, and films: how many candidates the user's question had.
        rankings: By ranker: fold, seed, user, movie, score, order, tied, status. A film that is not among them was no
            candidate; a missing score leaves the user out of its ranker's figures.
    """

    split: str
    protocol: str
    task: Task
    users: pd.DataFrame
    truth: pd.DataFrame
    rankings: Mapping[str, pd.DataFrame]


def score_rankings(
    judged: Iterable[Judged], *, seed: int, published: Sequence[Mapping[str, object]] = ()
) -> pd.DataFrame:
    """Score the rankers of every protocol for all users, and for those who were drawn for costly ones.

    A ranker stands in the rows of a set of users where it was asked about every one of them. A user's figure is the mean
    over folds and tie seeds.

    Args:
        judged: The protocols.
        seed: Seed of the bootstrap.
        published: Rows of published figures, by the names of these columns.

    Returns:
        One row per ranker, split, protocol, set of users, metric and cut-off (see `COLUMN_TYPES`), the published rows last.
    """
    rows: list[dict[str, object]] = []
    for each in judged:
        for name, users in (("all", each.users), (DRAWN, each.users[each.users["set"] == DRAWN])):
            truth = each.truth.merge(users[UNIT], on=UNIT)
            if not truth.empty:
                place = {"split": each.split, "protocol": each.protocol, "users_set": name}
                rows += [row | place for row in _score_set(each, truth, seed)]
    return pd.DataFrame([*rows, *published], columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _score_set(judged: Judged, truth: pd.DataFrame, seed: int) -> list[dict[str, object]]:
    """The rows of one set of users."""
    answers: list[tuple[str, RowKind, pd.DataFrame]] = [
        (name, REFERENCE, refer(truth)) for name, refer in REFERENCES.items()
    ]
    asked = _units(truth)
    for ranker, table in judged.rankings.items():
        if asked <= _units(table):
            own = table[[*UNIT, "movie", "score", "order", "tied", "status"]]
            answers.append(
                (ranker, SYSTEM, truth.merge(own, on=[*UNIT, "movie"], how="left", validate="one_to_one"))
            )
    answered = {(ranker, kind): _answered(frame) for ranker, kind, frame in answers}
    films = int(truth.groupby(UNIT, observed=True).size().max())
    rows = []
    for metric, k, value in metrics_of(judged.task, films):
        figures = {name: units.map(value).astype(float) for name, units in answered.items()}
        chance = figures[CHANCE, REFERENCE]
        for (ranker, kind), values in figures.items():
            row = {"ranker": ranker, "row_kind": kind, "metric": metric, "k": k}
            rows.append(row | _figures(values, chance, seed))
    return rows


def _units(frame: pd.DataFrame) -> set[tuple[int, int, str]]:
    return set(frame[UNIT].drop_duplicates().itertuples(index=False, name=None))


def _answered(frame: pd.DataFrame) -> pd.Series:
    """What a ranker made of the films of each user, fold and seed, in the order of the truth."""
    columns = (
        frame["rating"].to_numpy(float),
        frame["score"].to_numpy(float),
        frame["order"].fillna(0).to_numpy(np.int64),
        frame["tied"].fillna(0).to_numpy(np.int64),
        frame["status"].notna().to_numpy(),
    )
    rows = frame.groupby(UNIT, sort=False, observed=True).indices
    found = {unit: Answered(*(column[places] for column in columns)) for unit, places in rows.items()}
    index = pd.MultiIndex.from_frame(frame[UNIT].drop_duplicates().astype({"user": str}))
    return pd.Series([found[unit] for unit in index], index=index, dtype=object)


def _per_user(values: pd.Series, chance: pd.Series) -> pd.Series:
    """Each user's mean over folds and seeds; NaN where a score is missing that chance has a figure for."""
    lacking = values.isna() & chance.notna()
    by_user = values.groupby(level="user", sort=False)
    return by_user.mean().where(~lacking.groupby(level="user", sort=False).any())


def _figures(by_unit: pd.Series, chance_by_unit: pd.Series, seed: int) -> dict[str, object]:
    values, chance = (_per_user(figures, chance_by_unit) for figures in (by_unit, chance_by_unit))
    kept = values.dropna()
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
        "left_out": len(values) - len(kept),
        "note": f"left out because not all their films were scored: {without_score}" if without_score else "",
    }
