"""A section of a test: how often the judge gave each number of points, from a table that no other section reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.section import Section, table
from trailerflow.reports.view import Cell, Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Points(Section):
    """The judge's ratings, counted."""

    identifier = "points"
    title = "Points given"

    ratings: pd.DataFrame = table("judge_summaries/ratings.parquet", "rating")

    def findings(self) -> tuple[str, ...]:
        """How many ratings there are."""
        return (f"The judge gave {len(self.ratings)} ratings.",)

    def tables(self) -> tuple[Table, ...]:
        """A row for each number of points."""
        counts = self.ratings["rating"].value_counts().sort_index()
        rows = tuple(Row((Cell(str(points)), Cell(str(number)))) for points, number in counts.items())
        return (Table("Ratings by points", (Column("Points"), Column("Ratings", True)), rows),)
