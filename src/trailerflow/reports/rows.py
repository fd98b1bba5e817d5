"""Metric tables: systems first, then what they are compared with, then published figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trailerflow.reports.values import interval, score, text
from trailerflow.reports.view import Cell
from trailerflow.row_kinds import PUBLISHED, REFERENCE, SYSTEM, RowKind

if TYPE_CHECKING:
    import pandas as pd

_KINDS = (SYSTEM, REFERENCE, PUBLISHED)


def in_order(metrics: pd.DataFrame) -> pd.DataFrame:
    """Rows of systems, then reference rows, then published ones, each in the table's own order."""
    return metrics.sort_values("row_kind", key=lambda kinds: kinds.map(_KINDS.index), kind="stable")


def of_kind(metrics: pd.DataFrame, kind: RowKind) -> pd.DataFrame:
    """The rows of one kind."""
    return metrics[metrics["row_kind"] == kind]


def groups(metrics: pd.DataFrame, columns: Sequence[str]) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    """The rows by the texts of some columns (a missing value is the empty text), in order of appearance."""
    keys = [metrics[column].astype(object).map(text) for column in columns]
    return [(tuple(map(str, key)), group) for key, group in metrics.groupby(keys, sort=False)]


def estimate_cell(rows: pd.DataFrame, value: str = "value", low: str = "low", high: str = "high") -> Cell:
    """Score and interval of the first of some rows; a dash where there is none."""
    if rows.empty:
        return Cell(score(None))
    row = rows.iloc[0]
    return Cell(score(row[value]), interval(row[low], row[high]))
