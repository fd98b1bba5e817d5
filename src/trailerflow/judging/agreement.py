"""How far raters agree: Krippendorff's alpha and Cohen's kappa, of ratings in points and of labels of claims."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import krippendorff
import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import cohen_kappa_score

from trailerflow.statistics import bootstrap_statistic


@dataclass(frozen=True)
class Scale:
    """What raters choose from.

    Attributes:
        level: Whether the values have an order.
        values: All of them.
        alpha: Name of Krippendorff's alpha for it.
        kappa: Name of Cohen's kappa for it.
    """

    level: Literal["ordinal", "nominal"]
    values: range
    alpha: str
    kappa: str

    def agreement(self, ratings: npt.NDArray[np.float64]) -> float:
        """Krippendorff's alpha (Krippendorff, Computing Krippendorff's alpha-reliability, 2011).

        Args:
            ratings: Shape (raters, units), NaN where a rater did not rate.

        Returns:
            Alpha: 1 is agreement, 0 what chance gives. NaN where no unit has two ratings or all ratings are equal, so that
            there is nothing to agree on.
        """
        told = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
        values = told[~np.isnan(told)]
        if not values.size or np.all(values == values[0]):
            return float("nan")
        domain = [float(each) for each in self.values]
        return float(krippendorff.alpha(told, level_of_measurement=self.level, value_domain=domain))


def alpha_row(who: str, criterion: str, wide: pd.DataFrame, scale: Scale, seed: int) -> dict[str, object]:
    """Alpha of all raters, as a row of the table of agreement.

    Args:
        who: The raters.
        criterion: What was rated.
        wide: A row for each unit, with ``movie`` in its index, and a column for each rater; NaN where one did not rate.
        scale: What they chose from.
        seed: Seed of the bootstrap. Movies are drawn, each with all that was rated of it: a rater who likes a summary
            likes all about it.
    """
    table = wide.to_numpy(dtype=float).T
    enough = (~np.isnan(table)).sum(axis=0) >= 2 if table.size else np.zeros(0, dtype=bool)
    table = table[:, enough] if table.size else table
    movies = wide.index.get_level_values("movie")[enough] if table.size else wide.index
    value = scale.agreement(table) if table.size else float("nan")
    low = high = float("nan")
    if not np.isnan(value):
        columns = [np.flatnonzero(movies == movie) for movie in movies.unique()]
        low, high = bootstrap_statistic(
            len(columns),
            lambda drawn: scale.agreement(table[:, np.concatenate([columns[number] for number in drawn])]),
            seed=seed,
        )
    return {
        "who": who, "criterion": criterion, "measure": scale.alpha, "value": value, "low": low, "high": high,
        "units": int(enough.sum()), "raters": wide.shape[1], "note": _why_missing(value, table),
    }  # fmt: skip


def kappa_row(who: str, criterion: str, both: pd.DataFrame, scale: Scale) -> dict[str, object]:
    """Cohen's kappa of two raters, with quadratic weights where the values have an order.

    Args:
        who: The two.
        criterion: What was rated.
        both: A row for each unit that both rated, two columns.
        scale: What they chose from.
    """
    value = float("nan")
    if len(both):
        weights = "quadratic" if scale.level == "ordinal" else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one rating alone: the value is NaN, and the note says why
            value = float(
                cohen_kappa_score(*both.astype(int).to_numpy().T, labels=list(scale.values), weights=weights)
            )
    return {
        "who": who, "criterion": criterion, "measure": scale.kappa, "value": value, "low": np.nan, "high": np.nan,
        "units": len(both), "raters": 2, "note": _why_missing(value, both.to_numpy(dtype=float)),
    }  # fmt: skip


def _why_missing(value: float, table: npt.NDArray[np.float64]) -> str:
    if not np.isnan(value):
        return ""
    return "all ratings are equal" if table.size else "nothing was rated twice"
