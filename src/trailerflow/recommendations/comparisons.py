"""Which ranker is better than which: paired differences over the same users, corrected for the number of pairs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from trailerflow.differences import holm, paired_difference, verdict
from trailerflow.recommendations.arms import Arm
from trailerflow.recommendations.draws import mean_draws
from trailerflow.recommendations.metrics.arrays import Floats
from trailerflow.recommendations.protocol_metrics import compared_measures
from trailerflow.row_kinds import SYSTEM

FAMILY_TYPES = {
    "split": str,
    "protocol": str,
    "ties": str,
    "users_set": str,
    "metric": str,
    "k": "Int64",
}
FAMILY = list(FAMILY_TYPES)
"""Over all pairs of one of these goes Holm's correction."""

DIFFERENCE_TYPES = {
    "difference": float,
    "difference_low": float,
    "difference_high": float,
    "effect_size": float,
    "p_value": float,
    "p_corrected": float,
    "smallest": float,
}
"""What is told of a difference, beside its users."""

COLUMN_TYPES = {
    **FAMILY_TYPES,
    "ranker": str,
    "other": str,
    "value": float,
    "other_value": float,
    **DIFFERENCE_TYPES,
    "verdict": str,
    "users": "Int64",
}
"""One row a pair of rankers, arm and metric; ``ranker`` has the higher figure. ``effect_size``: the mean difference over the
standard deviation of the users' differences (Cohen's d for pairs)."""


def compare(arms: Iterable[Arm], seed: int) -> pd.DataFrame:
    """Compare all rankers of each arm with each other, in pairs, on the users for whom both have a figure.

    Args:
        arms: The rankers side by side.
        seed: Seed of the draws of users.

    Returns:
        See `COLUMN_TYPES`.
    """
    rows = []
    for arm in arms:
        names = [one.ranker for one in arm.rankers if one.row_kind == SYSTEM]
        systems = [number for number, one in enumerate(arm.rankers) if one.row_kind == SYSTEM]
        for measure in compared_measures(arm.judged.task, arm.judged.measures):
            place = arm.place | {"metric": measure.key[0], "k": measure.key[1]}
            rows += [place | row for row in _pairs(names, arm.of(measure.key)[:, systems], seed)]
    table = pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES | {"verdict": object})
    table["p_corrected"] = table.groupby(FAMILY, sort=False, dropna=False)["p_value"].transform(holm)
    table["verdict"] = [verdict(p_value) for p_value in table["p_corrected"]]
    return table.astype(COLUMN_TYPES)


def _pairs(names: list[str], values: Floats, seed: int) -> list[dict[str, object]]:
    """The rows of all pairs in one metric; ``values`` has the shape (users, rankers)."""
    pairs = list(combinations(range(len(names)), 2))
    if not pairs:
        return []
    differences = np.stack([values[:, one] - values[:, other] for one, other in pairs], axis=1)
    draws = mean_draws(differences, seed)
    rows = []
    for number, (one, other) in enumerate(pairs):
        own = differences[:, number]
        both = ~np.isnan(own)
        if not both.any():
            continue
        means = [float(values[both, place].mean()) for place in (one, other)]
        sign = 1.0 if means[0] >= means[1] else -1.0
        better, worse = (one, other) if sign > 0 else (other, one)
        row = of_differences(sign * own[both], sign * draws[:, number])
        rows.append(
            {"ranker": names[better], "other": names[worse], "value": max(means), "other_value": min(means)}
            | row
        )
    return rows


def of_differences(values: Floats, draws: Floats) -> dict[str, object]:
    """What is told of a difference.

    Args:
        values: Of each user, shape (users,), without NaN.
        draws: Its mean in each draw, shape (replicates,).
    """
    found = paired_difference(float(values.mean()), draws, len(values))
    spread = float(values.std(ddof=1)) if len(values) > 1 else np.nan
    return {
        "difference": found.value,
        "difference_low": found.low,
        "difference_high": found.high,
        "effect_size": found.value / spread if spread > 0 else np.nan,
        "p_value": found.p_value,
        "smallest": found.smallest,
        "users": len(values),
    }
