"""What others' later ratings are worth: the same rankers with them and without them, on the same questions.

In a split by each user's own time the ratings that others gave after a user's last training rating are in the training part.
Nobody has them when a user is really asked. A split of the same name with ``_past`` at its end holds them back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trailerflow.differences import holm
from trailerflow.recommendations.arms import Arm
from trailerflow.recommendations.comparisons import (
    DIFFERENCE_TYPES,
    FAMILY,
    FAMILY_TYPES,
    of_differences,
)
from trailerflow.recommendations.draws import mean_draws
from trailerflow.recommendations.protocol_metrics import compared_measures

PAST = "_past"
"""End of the name of a split that holds others' later ratings back."""

COLUMN_TYPES = {
    **FAMILY_TYPES,
    "ranker": str,
    "row_kind": str,
    "value": float,
    "past_value": float,
    **DIFFERENCE_TYPES,
    "users": "Int64",
}
"""One row a ranker, arm and metric. ``difference`` is the figure without others' later ratings less that with them."""


def without_later_ratings(arms: Sequence[Arm], seed: int) -> pd.DataFrame:
    """Compare every ranker with itself, on the users that both splits ask about.

    Args:
        arms: The rankers side by side, of all splits.
        seed: Seed of the draws of users.

    Returns:
        See `COLUMN_TYPES`; without rows where no split has one of the past beside it.
    """
    by_place = {tuple(arm.place.values()): arm for arm in arms}
    rows = []
    for arm in arms:
        split, *rest = arm.place.values()
        if (past := by_place.get((f"{split}{PAST}", *rest))) is not None:
            rows += _rows(arm, past, seed)
    table = pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
    table["p_corrected"] = table.groupby(FAMILY, sort=False, dropna=False)["p_value"].transform(holm)
    return table.astype(COLUMN_TYPES)


def _rows(arm: Arm, past: Arm, seed: int) -> list[dict[str, object]]:
    ids = [pd.Index(np.array(one.judged.users)[one.users]) for one in (arm, past)]
    together = ids[0].intersection(ids[1], sort=False)
    users, past_users = (each.get_indexer(together) for each in ids)
    there = {(one.ranker, one.row_kind): number for number, one in enumerate(past.rankers)}
    pairs = [
        (number, there[one.ranker, one.row_kind])
        for number, one in enumerate(arm.rankers)
        if (one.ranker, one.row_kind) in there
    ]
    rows = []
    for measure in compared_measures(arm.judged.task, arm.judged.measures):
        values = arm.of(measure.key)[np.ix_(users, [one for one, _ in pairs])]
        held_back = past.of(measure.key)[np.ix_(past_users, [other for _, other in pairs])]
        draws = mean_draws(held_back - values, seed)
        for column, (number, _) in enumerate(pairs):
            both = ~np.isnan(values[:, column]) & ~np.isnan(held_back[:, column])
            if both.any():
                own, other = values[both, column], held_back[both, column]
                one = arm.rankers[number]
                rows.append(
                    arm.place
                    | {"metric": measure.key[0], "k": measure.key[1]}
                    | {"ranker": one.ranker, "row_kind": one.row_kind}
                    | {"value": float(own.mean()), "past_value": float(other.mean())}
                    | of_differences(other - own, draws[:, column])
                )
    return rows
