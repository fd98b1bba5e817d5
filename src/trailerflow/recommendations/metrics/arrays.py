"""Sums by group and ratios, as every metric needs them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


def sums(group: Numbers, values: npt.ArrayLike, groups: int) -> Floats:
    """The sum of the values of each group.

    Args:
        group: Number of the group of each value, shape (n,).
        values: Shape (n,).
        groups: How many groups there are.

    Returns:
        Shape (groups,); 0 for a group without a value.
    """
    found: Floats = np.bincount(group, np.asarray(values, dtype=float), groups).astype(float)
    return found


def counts(group: Numbers, groups: int) -> Floats:
    """How many members each group has, shape (groups,)."""
    return sums(group, np.ones(len(group)), groups)


def ratios(above: npt.ArrayLike, below: Floats, where: Flags | None = None) -> Floats:
    """Quotients, NaN where one is not wanted or would have to be divided by 0.

    Args:
        above: Shape (n,).
        below: Shape (n,).
        where: Which are wanted, shape (n,); all where it is None.
    """
    wanted = below > 0 if where is None else where & (below > 0)
    found: Floats = np.divide(above, below, out=np.full(below.shape, np.nan), where=wanted)
    return found
