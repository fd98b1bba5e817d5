"""What language models know of films by their titles alone, beside a constant answer and another film's title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.findings import compared
from trailerflow.reports.rows import estimate_cell, groups, of_kind
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import estimate, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table
from trailerflow.row_kinds import REFERENCE, SYSTEM

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Memorisation(Section):
    """How much of what a language model says of a film may be memory."""

    identifier = "memorisation"
    title = "What language models know by a title"

    probe: pd.DataFrame = table(
        "probe_memory/{probed}.csv",
        "model", "question", "measure", "answer", "row_kind", "value", "low", "high",
        "difference", "difference_low", "difference_high", "movies", "left_out",
    )  # fmt: skip

    def findings(self) -> list[str]:
        """What each model has right by titles, and whether that is more than the two answers to compare with."""
        sentences = []
        for (model, question), group in groups(self.probe, ("model", "question")):
            own = of_kind(group, SYSTEM).iloc[0]
            said = (
                f"{model}, asked for the {question} by the title alone: {text(own['measure'])} "
                f"{estimate(own['value'], own['low'], own['high'])}"
            )
            for _, other in of_kind(group, REFERENCE).iterrows():
                place = compared(other["difference_low"], other["difference_high"], 0, 0)
                difference = estimate(other["difference"], other["difference_low"], other["difference_high"])
                said += f"; it {place} {text(other['answer'])} (difference {difference})"
            sentences.append(f"{said}.")
        return sentences

    def paragraphs(self) -> tuple[str, ...]:
        """What the probe is."""
        if self.probe.empty:
            return (
                "No language model was asked what it knows by titles alone: genres.probe.movies is null. So how much of "
                "their genres is memory is not known.",
            )
        return (
            "A language model may have read about the films that it is judged on. It was asked for the year of a film by "
            "its title, and for its genres by title and year, without any text. A constant answer is the most frequent "
            "year of these films, or the genres Drama and Comedy; another film's title gives the model's own answers, "
            "each held against another film. Differences are paired by film. What lies above both the model knows by the "
            "title: it remembers the film, or the title's own words tell.",
        )

    def tables(self) -> tuple[Table, ...]:
        """The answers of each model."""
        rows = tuple(
            Row(
                (
                    *(Cell(text(row[name])) for name in ("model", "question", "measure", "answer")),
                    estimate_cell(row.to_frame().T),
                    estimate_cell(row.to_frame().T, "difference", "difference_low", "difference_high"),
                    Cell(whole(row["movies"])),
                    Cell(whole(row["left_out"])),
                ),
                row["row_kind"],
            )
            for _, row in self.probe.iterrows()
        )
        return (
            Table(
                caption="Answers by the title alone",
                columns=(
                    *(Column(name) for name in ("Model", "Asked for", "Measure", "Answer")),
                    *(
                        Column(name, True)
                        for name in ("Right", "The model's own less this", "Movies", "Left out")
                    ),
                ),
                rows=rows,
                note="In brackets 95 % bootstrap intervals over the movies.",
                nothing="Nothing was asked.",
            ),
        )
