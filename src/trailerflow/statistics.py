"""Bootstrap intervals: how far a figure could have come out otherwise with other films or users."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt


def bootstrap_statistic(
    units: int,
    statistic: Callable[[npt.NDArray[np.intp]], float],
    *,
    seed: int,
    replicates: int = 1000,
    level: float = 0.95,
) -> tuple[float, float]:
    """Percentile bootstrap interval of any statistic of resampled units (Efron & Tibshirani 1993, chapter 13).

    Args:
        units: Number of films or users.
        statistic: Takes an index of shape (units,) drawn with replacement, gives the figure. NaN draws are left out.
        seed: Seed of the draws.
        replicates: Number of draws.
        level: Share of the draws inside the interval.

    Returns:
        Lower and upper bound; two NaN for fewer than two units, where nothing can be said.
    """
    if units < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    draws = np.array([statistic(rng.integers(0, units, units)) for _ in range(replicates)], dtype=float)
    return percentile_interval(draws, level=level)


def bootstrap_weights(units: int, *, seed: int, replicates: int = 1000) -> npt.NDArray[np.float32]:
    """How often each unit is drawn in each draw of a bootstrap, for figures that are computed for all draws at once.

    Args:
        units: Number of films or users, 1 or more.
        seed: Seed of the draws. The same units and seed give the same draws, so that two systems can be compared.
        replicates: Number of draws.

    Returns:
        Whole numbers, shape (replicates, units); each row sums to ``units``.
    """
    rng = np.random.default_rng(seed)
    return rng.multinomial(units, np.full(units, 1 / units), size=replicates).astype(np.float32)


def percentile_interval(draws: npt.ArrayLike, *, level: float = 0.95) -> tuple[float, float]:
    """Interval that holds a share of the draws of a figure.

    Args:
        draws: Shape (replicates,). NaN draws are left out.
        level: Share of the draws inside the interval.

    Returns:
        Lower and upper bound; two NaN where no draw is left.
    """
    figures = np.asarray(draws, dtype=float)
    figures = figures[~np.isnan(figures)]
    if not figures.size:
        return float("nan"), float("nan")
    tail = (1 - level) / 2
    low, high = np.quantile(figures, [tail, 1 - tail])
    return float(low), float(high)


def centred_interval(value: float, draws: npt.ArrayLike) -> tuple[float, float]:
    """95 % interval of a figure by its draws, shifted so that they have the figure as their mean.

    Repeated units favour some figures: average precision rises where a right decision stands twice. What the draws tell is
    how far the figure varies, and not where it lies.

    Args:
        value: The figure on all units.
        draws: Shape (replicates,). NaN draws are left out.

    Returns:
        Lower and upper bound, the upper one not beyond the highest draw and the figure; two NaN where there is no draw or no
        figure.
    """
    figures = np.asarray(draws, dtype=float)
    figures = figures[~np.isnan(figures)]
    if not figures.size or np.isnan(value):
        return float("nan"), float("nan")
    shift = value - float(figures.mean())
    low, high = percentile_interval(figures)
    return low + shift, min(high + shift, max(float(figures.max()), value))


def bootstrap_interval(
    values: npt.ArrayLike, *, seed: int, replicates: int = 1000, level: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean of one value per film or user.

    Args:
        values: Shape (units,), one figure each.
        seed: Seed of the draws.
        replicates: Number of draws.
        level: Share of the draws inside the interval.

    Returns:
        Lower and upper bound; two NaN for fewer than two values.
    """
    array = np.asarray(values, dtype=float)
    if array.size < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    means = array[rng.integers(0, array.size, (replicates, array.size))].mean(axis=1)
    return percentile_interval(means, level=level)
