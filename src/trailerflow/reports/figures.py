"""Figures and differences of figures, as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from trailerflow.reports.values import interval, number, score, text
from trailerflow.reports.view import Cell
from trailerflow.row_kinds import BETTER, WORSE

Compared = TypeVar("Compared")
"""What is compared: a system or a ranker."""


@dataclass(frozen=True)
class Figure:
    """One figure with its interval; NaN where there is none."""

    value: float
    low: float
    high: float

    @property
    def cell(self) -> Cell:
        """As a cell of a table."""
        return Cell(score(self.value), interval(self.low, self.high))


@dataclass(frozen=True)
class Pair:
    """How far one system is above another.

    Attributes:
        value: The first one's figure less the second one's.
        low: Lower bound of its interval.
        high: Upper bound.
        p_value: Corrected.
        smallest: The smallest difference that could have been seen.
        verdict: Of the first one: ``better``, ``worse`` or ``cannot be told apart``; empty where nothing can be said.
    """

    value: float
    low: float
    high: float
    p_value: float
    smallest: float
    verdict: str

    @property
    def turned(self) -> Pair:
        """How far the second one is above the first."""
        said = WORSE if self.verdict == BETTER else self.verdict
        return replace(self, value=-self.value, low=-self.high, high=-self.low, verdict=said)

    @property
    def cell(self) -> Cell:
        """The difference with its interval."""
        return Cell(signed(self.value), interval(self.low, self.high))


def pair_of(row: Mapping[Any, Any]) -> Pair:
    """A row of a table of comparisons."""
    return Pair(
        value=number(row["difference"]),
        low=number(row["difference_low"]),
        high=number(row["difference_high"]),
        p_value=number(row["p_corrected"]),
        smallest=number(row["smallest"]),
        verdict=text(row["verdict"]),
    )


def told_apart(
    compared: Iterable[tuple[Compared, Pair | None]],
) -> tuple[list[Compared], list[Compared], list[float]]:
    """What the best one is worth beside the others.

    Args:
        compared: Each of the others, and how far the best one is above it; None where the two were not compared.

    Returns:
        Those that it is better than, those from which it cannot be told apart, and the smallest differences to these that
        could have been seen.
    """
    better, same, smallest = [], [], []
    for one, pair in compared:
        if pair is not None and pair.verdict == BETTER:
            better.append(one)
        elif pair is not None and pair.verdict:
            same.append(one)
            smallest.append(pair.smallest)
    return better, same, smallest


def signed(value: float) -> str:
    """A difference with its sign.

    >>> signed(0.052), signed(-0.01), signed(float("nan"))
    ('+.052', '-.010', '–')
    """
    return f"+{score(value)}" if value >= 0 else score(value)


def probability(value: float) -> str:
    """A p value.

    >>> probability(0.0123), probability(0.0001), probability(float("nan"))
    ('.012', '<.001', '–')
    """
    return "<.001" if value < 0.0005 else score(value)
