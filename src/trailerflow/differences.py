"""Whether two systems differ: the paired difference with its interval, Holm's correction, and what could have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from trailerflow.row_kinds import BETTER, NOT_TOLD_APART
from trailerflow.statistics import centred_interval

SIGNIFICANCE = 0.05
"""Largest p value, after Holm's correction, at which one system is called better."""

POWER = 0.8
"""Chance with which the smallest difference that could have been seen would have been seen."""


@dataclass(frozen=True)
class Difference:
    """How far one system is above another on the same units.

    Attributes:
        value: The first system's figure less the second's.
        low: Lower bound of its 95 % bootstrap interval.
        high: Upper bound.
        p_value: Two-sided, before any correction.
        smallest: The smallest difference that a study of so many units sees with a chance of `POWER`, at a
            significance level of `SIGNIFICANCE` for one comparison (the minimal detectable effect).
    """

    value: float
    low: float
    high: float
    p_value: float
    smallest: float


def paired_difference(value: float, draws: npt.ArrayLike, units: int) -> Difference:
    """Judge a difference by its bootstrap draws.

    The p value is of a z test with the standard error of the draws (Efron & Tibshirani 1993, chapter 13), so it is not
    bound to the number of draws. It is never below what a sign test on so many units could reach: with five units no
    difference is certain, though all five may agree.

    Args:
        value: The difference on all units.
        draws: The difference in each draw, shape (replicates,); both systems with the same units in each. NaN draws are
            left out.
        units: Number of films or users.

    Returns:
        The difference; all but its value is NaN for fewer than two units or two draws.
    """
    figures = np.asarray(draws, dtype=float)
    figures = figures[~np.isnan(figures)]
    if units < 2 or figures.size < 2 or np.isnan(value):
        nothing = float("nan")
        return Difference(value, nothing, nothing, nothing, nothing)
    error = float(figures.std(ddof=1))
    normal = NormalDist()
    p_value = 2 * normal.cdf(-abs(value) / error) if error > 0 else float(value == 0)
    smallest = (normal.inv_cdf(1 - SIGNIFICANCE / 2) + normal.inv_cdf(POWER)) * error
    low, high = centred_interval(value, figures)
    return Difference(value, low, high, min(max(p_value, 2.0 ** (1 - units)), 1.0), smallest)


def holm(p_values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """P values of several comparisons, corrected for their number (Holm 1979).

    Args:
        p_values: Shape (comparisons,); a NaN is no comparison and stays NaN.

    Returns:
        Corrected p values, the same shape: each may be held against the level of a single comparison.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    given = np.asarray(p_values, dtype=float)
    corrected = np.full(given.shape, np.nan)
    order = np.argsort(given)[: int((~np.isnan(given)).sum())]
    steps = given[order] * np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected


def verdict(corrected: float) -> str:
    """What a corrected p value says of two systems, in words; nothing where there is none.

    >>> verdict(0.01), verdict(0.2), verdict(float("nan"))
    ('better', 'cannot be told apart', '')
    """
    if np.isnan(corrected):
        return ""
    return BETTER if corrected < SIGNIFICANCE else NOT_TOLD_APART
