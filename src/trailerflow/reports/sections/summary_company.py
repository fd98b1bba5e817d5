"""What scores of summaries are worth: at equal length, beside texts that say nothing of the film, in paired differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.figures import signed
from trailerflow.reports.rows import estimate_cell, groups, in_order, of_kind
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import NOTHING, estimate, interval, listed, number, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table
from trailerflow.row_kinds import BETTER, NOT_TOLD_APART, SYSTEM, WORSE

if TYPE_CHECKING:
    import pandas as pd

_METRICS: dict[tuple[str, str], str] = {
    ("rouge1", "f1"): "ROUGE-1",
    ("rouge2", "f1"): "ROUGE-2",
    ("rougeL", "f1"): "ROUGE-L",
    ("bertscore", "f1"): "BERTScore",
    ("faithfulness", "precision"): "Faithfulness",
    ("found", "share"): "Own plot found",
}
"""Heading by metric and statistic."""

_LENGTHS = {"equal": "cut to the length of the references", "full": "at full length"}

_PLACES = {BETTER: "lies above", WORSE: "lies below", NOT_TOLD_APART: "cannot be told from"}
_NO_VERDICT = "has no interval to be compared with"


@dataclass(frozen=True, kw_only=True, eq=False)
class SummaryCompany(Section):
    """Scores at equal length, own plots found, and paired differences."""

    identifier = "summary-company"
    title = "What scores of summaries are worth"

    metrics: pd.DataFrame = table(
        "score_summaries/metrics.csv",
        "system", "row_kind", "prompt", "length", "metric", "statistic", "value", "low", "high", "movies",
    )  # fmt: skip
    comparisons: pd.DataFrame = table(
        "score_summaries/comparisons.csv",
        "length", "metric", "system", "prompt", "other", "other_prompt",
        "difference", "difference_low", "difference_high", "verdict", "movies",
    )  # fmt: skip

    def findings(self) -> list[str]:
        """ROUGE-L of each system at equal length, beside all that it is compared with."""
        rouge = self.metrics[(self.metrics["metric"] == "rougeL") & (self.metrics["statistic"] == "f1")]
        equal = of_kind(rouge[rouge["length"] == "equal"], SYSTEM)
        told = self.comparisons[
            (self.comparisons["metric"] == "rougeL") & (self.comparisons["length"] == "equal")
        ]
        by_system = dict(groups(told, ("system", "prompt")))
        sentences = []
        for (system, prompt), group in groups(equal, ("system", "prompt")):
            row = group.iloc[0]
            figure = estimate(row["value"], row["low"], row["high"])
            relation = _relation(by_system.get((system, prompt)))
            sentences.append(
                f"{system} ({prompt}), cut to the length of the references: ROUGE-L F1 {figure}, which {relation}."
            )
        return sentences

    def paragraphs(self) -> tuple[str, ...]:
        """What the company is, and how to read it."""
        return (
            "A score is worth its distance from texts that say nothing of the film. The constant sentence is made up and "
            "the same for every film; the common words are those that plots have most, in the order that ROUGE-L likes "
            "best. ROUGE depends on length, so every text is scored a second time, cut to as many words as the movie's "
            "reference has.",
            "Own plot found: the share of summaries whose own film's reference is nearer to them, by the cosine of mean "
            "token vectors, than those of 19 other films drawn by seed. No length and no style helps there: a text that "
            "is the same for every film gets what chance gets.",
            "The human plot is the reference itself, held against the transcript. It is true of the film: where it has "
            "less faithfulness than the summaries, the measure rewards words that are near the transcript's, and not "
            "truth.",
        )

    def tables(self) -> tuple[Table, ...]:
        """Scores at equal length, then the differences at both lengths."""
        return (
            _score_table(self.metrics[self.metrics["length"] == "equal"]),
            *(_difference_table(self.comparisons, length) for length in _LENGTHS),
        )


def _relation(rows: pd.DataFrame | None) -> str:
    """How a system lies to each row that it is compared with, by the corrected verdicts."""
    if rows is None:
        return f"{_NO_VERDICT} anything"
    places: dict[str, list[str]] = {}
    for row in rows.to_dict("records"):
        name = _name(text(row["other"]), text(row["other_prompt"]), text(row["system"]))
        bounds = interval(row["difference_low"], row["difference_high"])
        difference = f"{signed(number(row['difference']))} {bounds}".rstrip()
        place = _PLACES.get(text(row["verdict"]), _NO_VERDICT)
        places.setdefault(place, []).append(f"{name} ({difference})")
    return ", and ".join(f"{place} {listed(names)}" for place, names in places.items())


def _name(other: str, prompt: str, system: str) -> str:
    """What a row is called that a system is compared with: its own other prompt, or a reference row."""
    return f"its own {prompt}" if other == system else f"the {other}"


def _score_table(metrics: pd.DataFrame) -> Table:
    rows = []
    for (system, prompt, kind), group in groups(in_order(metrics), ("system", "prompt", "row_kind")):
        figures = (
            estimate_cell(group[(group["metric"] == metric) & (group["statistic"] == statistic)])
            for metric, statistic in _METRICS
        )
        names = (Cell(system), Cell(prompt or NOTHING))
        rows.append(Row((*names, *figures, Cell(whole(group["movies"].max()))), kind))
    return Table(
        caption="Scores of texts that are cut to the length of the references",
        columns=(
            Column("System"),
            Column("Prompt"),
            *(Column(name, True) for name in _METRICS.values()),
            Column("Movies", True),
        ),
        rows=tuple(rows),
        note="ROUGE and BERTScore: F1. Faithfulness: precision. Precision and recall of all stand in metrics.csv.",
        nothing="No summary could be scored at equal length.",
    )


def _difference_table(comparisons: pd.DataFrame, length: str) -> Table:
    own = comparisons[comparisons["length"] == length]
    rows = []
    for (system, prompt, other, other_prompt), group in groups(
        own, ("system", "prompt", "other", "other_prompt")
    ):
        figures = (_difference_cell(group[group["metric"] == metric]) for metric, _ in _METRICS)
        names = (Cell(system), Cell(prompt), Cell(other), Cell(other_prompt or NOTHING))
        rows.append(Row((*names, *figures)))
    return Table(
        caption=f"How far each system is above what it is compared with, {_LENGTHS[length]}",
        columns=(
            Column("System"),
            Column("Prompt"),
            Column("Compared with"),
            Column("Its prompt"),
            *(Column(name, True) for name in _METRICS.values()),
        ),
        rows=tuple(rows),
        note="Paired differences on the same movies with 95 % bootstrap intervals. A verdict (better, worse) needs a p "
        "value below .05 after Holm's correction for all differences of one column; without one the two cannot be told "
        "apart.",
        folded="" if length == "equal" else "Show the differences at full length",
        nothing=f"Nothing could be compared {_LENGTHS[length]}.",
    )


def _difference_cell(rows: pd.DataFrame) -> Cell:
    """A difference with its interval, and the verdict where the two can be told apart."""
    if rows.empty:
        return Cell(NOTHING)
    row = rows.iloc[0]
    verdict = text(row["verdict"])
    told = "" if verdict == NOT_TOLD_APART else verdict
    return Cell(
        signed(number(row["difference"])),
        f"{interval(row['difference_low'], row['difference_high'])} {told}".strip(),
    )
