"""Metric tables: systems first, then what they are compared with, then published figures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from trailerflow.reports.values import interval, kind_of, score, text
from trailerflow.reports.view import Cell

_KINDS = ("system", "reference", "published")


def in_order(metrics: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows of systems, then reference rows, then published ones, each in the table's own order."""
    kinds = metrics[column].map(lambda name: _KINDS.index(kind_of(str(name))))
    return metrics.assign(_kind=kinds).sort_values("_kind", kind="stable").drop(columns="_kind")


def groups(metrics: pd.DataFrame, columns: Sequence[str]) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    """The rows by the texts of some columns (a missing value is the empty text), in order of appearance."""
    keys = [metrics[column].map(text) for column in columns]
    return [(tuple(map(str, key)), group) for key, group in metrics.groupby(keys, sort=False)]


def estimate_cell(rows: pd.DataFrame, value: str = "value", low: str = "low", high: str = "high") -> Cell:
    """Score and interval of the first of some rows; a dash where there is none."""
    if rows.empty:
        return Cell(score(None))
    row = rows.iloc[0]
    return Cell(score(row[value]), interval(row[low], row[high]))
