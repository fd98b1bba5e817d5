"""The figures of every user, for whoever wants to look at single ones or to test differences in another way."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from trailerflow.recommendations.arms import Arm

_NAMES = ("split", "protocol", "ties", "users_set", "ranker", "row_kind", "metric", "user")

COLUMN_TYPES = dict.fromkeys(_NAMES, "category") | {"k": "Int16", "value": float}
"""One row a user, ranker, arm, metric and cut-off: the mean over folds and tie seeds."""


def user_figures(arms: Iterable[Arm]) -> pd.DataFrame:
    """All figures of all users that are defined; see `COLUMN_TYPES`."""
    frames = [_of_ranker(arm, number) for arm in arms for number in range(len(arm.rankers))]
    columns: dict[str, object] = {}
    for name in _NAMES:
        columns[name] = pd.api.types.union_categoricals([frame[name] for frame in frames]) if frames else []
    for name in ("k", "value"):
        columns[name] = pd.concat([frame[name] for frame in frames]).array if frames else []
    return pd.DataFrame(columns).astype(COLUMN_TYPES)


def _of_ranker(arm: Arm, number: int) -> pd.DataFrame:
    one, values = arm.rankers[number], arm.values[number].T
    key, user = np.nonzero(~np.isnan(values))
    metrics = list(dict.fromkeys(name for name, _ in arm.keys))
    place = np.array([metrics.index(name) for name, _ in arm.keys])
    cuts = pd.array([k for _, k in arm.keys], dtype="Int16")
    names = arm.place | {"ranker": one.ranker, "row_kind": one.row_kind}
    same = {
        name: pd.Categorical.from_codes(np.zeros(len(key), dtype=np.int8), [value])
        for name, value in names.items()
    }
    return pd.DataFrame(
        same
        | {
            "metric": pd.Categorical.from_codes(place[key], metrics),
            "user": pd.Categorical.from_codes(arm.users[user], arm.judged.users),
            "k": cuts[key],
            "value": values[key, user],
        }
    )
