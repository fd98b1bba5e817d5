"""Systems in pairs: which is better, and which cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trailerflow.reports.figures import Pair, pair_of, probability
from trailerflow.reports.sections.genres.scored import MACRO, MICRO, Part, Scored
from trailerflow.reports.values import score, text
from trailerflow.reports.view import Cell, Column, Row, Table
from trailerflow.row_kinds import GLOBAL

if TYPE_CHECKING:
    import pandas as pd

PAIRED = (
    ("average_precision", MICRO, "µAP"),
    ("average_precision", MACRO, "mAP"),
    ("f1", MICRO, "micro F1"),
    ("f1", MACRO, "macro F1"),
)
"""Metrics in which systems are compared on the page: name, average, and what they are called."""


class Pairs:
    """The table of comparisons, asked for two systems at a time.

    Args:
        comparisons: The table.
    """

    def __init__(self, comparisons: pd.DataFrame) -> None:
        shown = comparisons[comparisons["operating_point"].map(text) != GLOBAL]
        keys = ("part", "metric", "label", "system", "arm", "other", "other_arm")
        self._rows = {tuple(text(row[key]) for key in keys): row for row in shown.to_dict("records")}

    def between(self, part: str, metric: tuple[str, str, str], one: Scored, other: Scored) -> Pair | None:
        """How far one system is above another in one of `PAIRED`; None where the two were not compared."""
        place = (part, *metric[:2])
        if (row := self._rows.get((*place, *one.key, *other.key))) is not None:
            return pair_of(row)
        row = self._rows.get((*place, *other.key, *one.key))
        return None if row is None else pair_of(row).turned


def against_the_best(part: Part, pairs: Pairs) -> Table:
    """Each system of a part against the best untitled one and against the constant, in micro average precision."""
    rows = [_against(part, pairs, one, PAIRED[0]) for one in part.systems]
    return Table(
        caption=f"Which system is better, in µAP ({part.title})",
        columns=(Column("System"), Column("Reads"), *_COLUMNS),
        rows=tuple(
            Row((Cell(one.system), Cell(one.arm), *cells))
            for one, cells in zip(part.systems, rows, strict=True)
        ),
        note=(
            "Paired differences on the films that both systems predicted, with 95 % bootstrap intervals; p values of all "
            "pairs of the part are corrected together (Holm). A verdict needs a corrected p below .05; the smallest "
            "difference is one that would have been seen with a chance of 80 % in a single comparison."
        ),
    )


def in_other_metrics(part: Part, pairs: Pairs) -> Table:
    """The same in the other metrics, folded."""
    rows = tuple(
        Row((Cell(metric[2]), Cell(one.system), Cell(one.arm), *_against(part, pairs, one, metric)))
        for metric in PAIRED[1:]
        for one in part.systems
    )
    return Table(
        caption=f"Which system is better, in mAP and F1 ({part.title})",
        columns=(Column("Metric"), Column("System"), Column("Reads"), *_COLUMNS),
        rows=rows,
        note="All pairs, at both operating points, stand in comparisons.csv.",
        folded=f"Show the same in mAP, micro F1 and macro F1 ({part.name})",
    )


_COLUMNS = (
    Column("Less the best untitled", True),
    Column("p"),
    Column("It is"),
    Column("Smallest to be seen", True),
    Column("Less the constant", True),
    Column("p"),
    Column("It is"),
)


def _against(part: Part, pairs: Pairs, one: Scored, metric: tuple[str, str, str]) -> tuple[Cell, ...]:
    best = None if one is part.best else pairs.between(part.name, metric, one, part.best)
    constant = None if part.constant is None else pairs.between(part.name, metric, one, part.constant)
    first = (
        (Cell("the best untitled"), Cell(""), Cell(""), Cell("")) if one is part.best else _cells(best, True)
    )
    return (*first, *_cells(constant, False))


def _cells(pair: Pair | None, smallest: bool) -> tuple[Cell, ...]:
    if pair is None:
        return (Cell(score(None)),) * (3 + smallest)
    cells = (pair.cell, Cell(probability(pair.p_value)), Cell(pair.verdict))
    return (*cells, Cell(score(pair.smallest))) if smallest else cells


def beside_the_best(part: Part, pairs: Pairs) -> Iterator[tuple[Scored, Pair | None]]:
    """The other untitled systems of a part, and how far the best one is above each in micro average precision."""
    for one in part.untitled[1:]:
        yield one, pairs.between(part.name, PAIRED[0], part.best, one)
