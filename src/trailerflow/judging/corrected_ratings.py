"""Mean ratings of the judge, corrected by what people said of some of its films: prediction-powered estimates."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.judging.rating_units import UNIT, by_criterion, in_both_orders

CORRECTED = "corrected"
"""Kind of the rows: the judge's ratings, corrected."""

FEWEST = 2
"""Films that both rated, and films that the judge alone rated: with fewer there is no spread to see."""


def corrected_means(ratings: pd.DataFrame) -> list[dict[str, object]]:
    """Mean rating of each system by the judge, corrected by people's ratings of the films that both have rated.

    Args:
        ratings: See `trailerflow.judging.pairs.RATING_TYPES`. What the judge rated in one order only is left out.

    Returns:
        Rows with kind, model, prompt, criterion, mean, low, high (95 %), movies, raters (people) and note, which says why a
        mean is missing; none where there is no judge or no person.
    """
    rows: list[dict[str, object]] = []
    ratings = in_both_orders(ratings)
    if set(ratings["kind"]) != {"judge", "person"}:
        return rows
    for criterion, group in by_criterion(ratings):
        for (model, prompt), given in group.groupby(["model", "prompt"], sort=False):
            row = {"kind": CORRECTED, "model": model, "prompt": prompt, "criterion": criterion}
            rows.append(row | _corrected(given))
    return rows


def prediction_powered_mean(
    alone: npt.ArrayLike, beside: npt.ArrayLike, labels: npt.ArrayLike, *, level: float = 0.95
) -> tuple[float, float, float]:
    """The mean of what people would say of all units, from predictions for all and people's labels for some.

    Angelopoulos et al., Prediction-powered inference (Science 382, 2023), algorithm 1 (mean estimation): the mean of the
    predictions less their mean error where there are labels, with the normal interval whose variance is that of the
    predictions over their number and that of the errors over theirs. The variances have n - 1 below the line, which
    makes the interval a little wider than the paper's. It needs no right predictions, only that both kinds of units
    are drawn alike; it rests on the central limit theorem, and so on some twenty labels or more.

    Args:
        alone: Predictions of the units without a label, shape (N,).
        beside: Predictions of the units with one, shape (n,).
        labels: The labels, shape (n,).
        level: Chance with which the interval is to hold the mean.

    Returns:
        Mean, lower and upper bound; three NaN for fewer than two units of either kind.
    """
    predicted = np.asarray(alone, dtype=float)
    errors = np.asarray(beside, dtype=float) - np.asarray(labels, dtype=float)
    if min(len(predicted), len(errors)) < FEWEST:
        return float("nan"), float("nan"), float("nan")
    mean = float(predicted.mean() - errors.mean())
    variance = predicted.var(ddof=1) / len(predicted) + errors.var(ddof=1) / len(errors)
    half = NormalDist().inv_cdf(0.5 + level / 2) * float(np.sqrt(variance))
    return mean, mean - half, mean + half


def _corrected(given: pd.DataFrame) -> dict[str, object]:
    """The corrected mean of one system: a film is a unit, and only what both rated of it is compared."""
    judge, people = (
        given[given["kind"] == kind].groupby(UNIT)["rating"].mean().astype(float)
        for kind in ("judge", "person")
    )
    both = judge.index.intersection(people.index)
    beside, labels = (_by_movie(ratings.loc[both]) for ratings in (judge, people))
    alone = _by_movie(judge[~judge.index.isin(people.index.unique("movie"), level="movie")])
    mean, low, high = prediction_powered_mean(alone, beside, labels)
    note = (
        f"it needs {FEWEST} films that both rated and {FEWEST} that the judge alone rated; there are {len(beside)} and "
        f"{len(alone)}"
        if np.isnan(mean)
        else ""
    )
    raters = given.loc[given["kind"] == "person", "rater"].nunique()
    return {
        "mean": mean, "low": low, "high": high, "movies": len(beside) + len(alone), "raters": raters, "note": note,
    }  # fmt: skip


def _by_movie(ratings: pd.Series) -> pd.Series:
    return ratings.groupby(level="movie").mean()
