"""Conformal sets on the page: what they promise, what they kept, how large they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailerflow.reports.rows import groups
from trailerflow.reports.sections.genres.scored import Part
from trailerflow.reports.values import estimate, is_missing, number, score, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd

PROMISED = {
    "none missing": ("coverage", "all genres of a film are in its set, for nine films of ten"),
    "few missing": ("missing", "on average at most a tenth of a film's genres are missing"),
}
"""Name of a promise, the figure that it is about, and what it says."""


def sets_of_the_best(parts: list[Part], conformal: pd.DataFrame) -> Table:
    """The sets of each part's best system."""
    rows = [row for part in parts for row in _rows(part, _of(conformal, part, part.best.key))]
    return Table(
        caption="Sets of genres that keep a promise",
        columns=_COLUMNS,
        rows=tuple(rows),
        note=(
            f"None missing: {PROMISED['none missing'][1]}. Few missing: {PROMISED['few missing'][1]}. Thresholds were "
            "chosen on other films than those that are counted here. The constant sets name the most frequent genres for "
            "every film and keep the same promise. A set says nothing if it holds 16 genres of 18 or more."
        ),
        nothing="No conformal sets were made.",
    )


def sets_of_all(part: Part, conformal: pd.DataFrame) -> Table:
    """The sets of every system of a part, folded."""
    rows = [row for one in part.systems for row in _rows(part, _of(conformal, part, one.key))]
    return Table(
        caption=f"Sets of genres of every system ({part.title})",
        columns=_COLUMNS,
        rows=tuple(rows),
        folded=f"Show the sets of every system ({part.name})",
    )


_COLUMNS = (
    *(Column(name) for name in ("System", "Reads", "Part", "Promise")),
    *(
        Column(name, True)
        for name in (
            "All genres in",
            "Genres missing",
            "Genres in a set",
            "In a constant set",
            "Smaller by",
            "Says nothing",
            "Films",
            "Chosen on",
        )
    ),
)


def _of(conformal: pd.DataFrame, part: Part, key: tuple[str, str]) -> pd.DataFrame:
    """The rows of one system and its first seed."""
    own = conformal[conformal["part"].map(text) == part.name]
    own = own[(own["system"].map(text) == key[0]) & (own["arm"].map(text) == key[1])]
    return own.drop_duplicates("promise")


def _rows(part: Part, own: pd.DataFrame) -> list[Row]:
    rows = []
    for (promise,), group in groups(own, ("promise",)):
        row = group.iloc[0]
        measured = [
            Cell(estimate(row[name], row[f"{name}_low"], row[f"{name}_high"]))
            for name in ("coverage", "missing")
        ]
        sizes = [
            Cell(f"{number(row[name]):.1f}", _span(row, name))
            for name in ("size", "constant_size", "smaller")
        ]
        counts = (Cell(whole(row["movies"])), Cell(whole(row["calibrated_on"])))
        names = (text(row["system"]), text(row["arm"]), part.name, promise)
        rows.append(Row((*map(Cell, names), *measured, *sizes, Cell(score(row["says_nothing"])), *counts)))
    return rows


def _span(row: pd.Series, name: str) -> str:
    """The interval of a number of genres."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return "" if is_missing(low) or is_missing(high) else f"[{number(low):.1f}, {number(high):.1f}]"
