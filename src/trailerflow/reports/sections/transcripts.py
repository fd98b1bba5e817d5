"""The transcripts: how long they are, where they come from and in which language."""

from __future__ import annotations

import pandas as pd

from trailerflow.reports.inputs import Inputs
from trailerflow.reports.plots import length_histogram
from trailerflow.reports.values import counted, text, whole
from trailerflow.reports.view import Cell, Column, Plot, Row, Section, Table


def transcripts_section(inputs: Inputs) -> Section:
    """Lengths as in the original report, origins and languages."""
    found = inputs.transcripts[inputs.transcripts["status"] == "ok"]
    return Section(
        identifier="transcripts",
        title="Transcripts",
        plots=_lengths(found),
        tables=(
            _tallied(found, "origin", "Where the transcripts come from", "Origin"),
            _tallied(found, "language", "Languages of the transcripts", "Language"),
        ),
    )


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
