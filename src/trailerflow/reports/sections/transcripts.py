"""The transcripts: how long they are, where they come from and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.outcomes import STATUSES
from trailerflow.reports.plots import length_histogram
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import counted, text, whole
from trailerflow.reports.view import Cell, Column, Fact, Plot, Row, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Transcripts(Section):
    """Lengths as in the original report, origins and languages."""

    identifier = "transcripts"
    title = "Transcripts"

    movies: pd.DataFrame = table("select_movies/movies.parquet", "movie")
    transcripts: pd.DataFrame = table(
        "merge_transcripts/transcripts.parquet",
        "movie", "status", "words", "words_before_trim", "language", "origin",
    )  # fmt: skip

    def findings(self) -> tuple[str, ...]:
        """How many movies have a transcript, and what became of the others."""
        statuses = self.transcripts["status"].value_counts()
        total = len(self.movies)
        found = int(statuses.get("ok", 0))
        others = [f"{statuses[name]} {name}" for name in STATUSES if name != "ok" and name in statuses]
        verb = "has" if found == 1 else "have"
        return ("; ".join([f"{found:,} of {counted(total, 'movie')} {verb} a transcript", *others]) + ".",)

    def facts(self) -> tuple[Fact, ...]:
        """Number of the transcripts."""
        return (Fact(f"{len(self._found()):,}", "transcripts"),)

    def plots(self) -> tuple[Plot, ...]:
        """Their lengths."""
        return _lengths(self._found())

    def tables(self) -> tuple[Table, ...]:
        """Their origins and languages."""
        found = self._found()
        return (
            _tallied(found, "origin", "Where the transcripts come from", "Origin"),
            _tallied(found, "language", "Languages of the transcripts", "Language"),
        )

    def _found(self) -> pd.DataFrame:
        return self.transcripts[self.transcripts["status"] == "ok"]


def _lengths(found: pd.DataFrame) -> tuple[Plot, ...]:
    if found.empty:
        return ()
    lengths = found["words"].astype(float)
    trimmed = int((found["words_before_trim"].astype(float) > lengths).sum())
    origins = found["origin"].map(lambda origin: text(origin) or "unknown")
    by_origin = {str(origin): lengths[origins == origin].tolist() for origin in sorted(origins.unique())}
    facts = (
        f"{counted(len(found), 'transcript')}: median {whole(lengths.median())} words, "
        f"from {whole(lengths.min())} to {whole(lengths.max())}."
    )
    cut = f" Trimmed to the longest length allowed: {trimmed:,}."
    return (
        Plot(
            svg=length_histogram(by_origin, identifier="lengths", description=f"Histogram. {facts}"),
            caption=f"Lengths of the transcripts in words. {facts}{cut}",
        ),
    )


def _tallied(found: pd.DataFrame, column: str, caption: str, heading: str) -> Table:
    names = found[column].map(lambda value: text(value) or "unknown")
    rows = []
    for name, group in found.groupby(names):
        words = group["words"].astype(float)
        rows.append(
            Row(
                tuple(
                    map(
                        Cell,
                        (
                            str(name),
                            f"{len(group):,}",
                            whole(words.median()),
                            whole(words.min()),
                            whole(words.max()),
                        ),
                    )
                )
            )
        )
    return Table(
        caption=caption,
        columns=(
            Column(heading),
            Column("Movies", True),
            Column("Median words", True),
            Column("Shortest", True),
            Column("Longest", True),
        ),
        rows=tuple(rows),
        nothing="No movie has a transcript.",
    )
