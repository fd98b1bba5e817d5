"""Bootstrap draws over users of the means of many figures at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from trailerflow.recommendations.metrics.arrays import Floats
from trailerflow.statistics import bootstrap_weights

REPLICATES = 1000
"""Draws of users."""


@lru_cache(maxsize=64)
def _weights(units: int, seed: int) -> npt.NDArray[np.float32]:
    return bootstrap_weights(units, seed=seed, replicates=REPLICATES)


def mean_draws(values: Floats, seed: int) -> Floats:
    """The mean of each column in each draw of its users.

    Columns that have figures for the same users have the same draws, so that their difference is a paired one.

    Args:
        values: A row a user, shape (users, columns); a NaN is left out of its column.
        seed: Seed of the draws.

    Returns:
        Shape (`REPLICATES`, columns); NaN for a column with fewer than two figures.
    """
    draws = np.full((REPLICATES, values.shape[1]), np.nan)
    by_mask: dict[bytes, list[int]] = {}
    for column, mask in enumerate(~np.isnan(values.T)):
        by_mask.setdefault(mask.tobytes(), []).append(column)
    for columns in by_mask.values():
        mask = ~np.isnan(values[:, columns[0]])
        units = int(mask.sum())
        if units > 1:
            own = values[mask][:, columns].astype(np.float32)
            draws[:, columns] = _weights(units, seed) @ own / units
    return draws
