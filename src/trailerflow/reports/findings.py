"""How a finding is worded: by its interval and not by its hopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailerflow.reports.values import estimate, is_missing

if TYPE_CHECKING:
    import pandas as pd


def compared(low: float, high: float, below: float, above: float) -> str:
    """How an interval lies to the range of what it is compared with.

    Args:
        low: Lower bound of the system's interval, NaN where it has none.
        high: Upper bound.
        below: Lower bound of the reference; equal to ``above`` where the reference is a single figure.
        above: Upper bound of the reference.

    >>> compared(0.5, 0.7, 0.4, 0.4), compared(0.3, 0.7, 0.4, 0.4)
    ('lies above', 'cannot be told from')
    """
    if is_missing(low) or is_missing(high):
        return "has no interval to be compared with"
    if low > above:
        return "lies above"
    return "lies below" if high < below else "cannot be told from"


def against(row: pd.Series, references: pd.DataFrame, columns: tuple[str, str, str], name: str) -> str:
    """The rest of a finding: how a row's interval lies to that of the first reference.

    Args:
        row: The system's figures.
        references: Rows to compare with; with none, nothing is said.
        columns: Names of the figure's and the bounds' columns.
        name: What the reference is, for the sentence.
    """
    if references.empty:
        return "."
    figure, *bounds = (references.iloc[0][column] for column in columns)
    below, above = (figure if is_missing(bound) else bound for bound in bounds)
    relation = compared(row[columns[1]], row[columns[2]], below, above)
    return f", which {relation} {name}, {estimate(figure, *bounds)}."
