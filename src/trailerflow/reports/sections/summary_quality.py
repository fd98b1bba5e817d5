"""What is measured of the summaries without a reference: support by the transcript, rules kept, lengths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.plots import length_strips
from trailerflow.reports.rows import estimate_cell, groups, in_order
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import NOTHING, text, whole
from trailerflow.reports.view import Cell, Column, Plot, Row, Table

if TYPE_CHECKING:
    import pandas as pd

_SHARES = {
    "within": "70–130 % of the words",
    "shorter": "Shorter",
    "longer": "Longer",
    "cut": "Cut off",
    "cast": "Names cast or crew",
    "invented_name": "Invents a name",
    "meta": "Talks of the clip",
    "echo": "Echoes the prompt",
    "copied": "Copies the transcript",
    "coverage": "Words from the transcript",
}

_NAMES_TOLD = 20


@dataclass(frozen=True, kw_only=True, eq=False)
class SummaryQuality(Section):
    """Faithfulness beside its floor, the prompts' rules, and the lengths."""

    identifier = "summary-quality"
    title = "Support and rules of the summaries"

    summaries: pd.DataFrame = table("merge_summaries/summaries.parquet", "model", "prompt", "status", "words")
    synopses: pd.DataFrame = table("merge_summaries/synopses.parquet", "status", "words")
    metrics: pd.DataFrame = table(
        "score_summaries/metrics.csv",
        "system", "row_kind", "prompt", "length", "metric", "value", "low", "high", "movies", "scorer",
    )  # fmt: skip
    compliance: pd.DataFrame = table(
        "score_summaries/compliance.csv",
        "model", "prompt", "movies", "abstained", "failed", "words_asked", "names", "invented_names",
        "echoed_words", *(f"{share}{end}" for share in _SHARES for end in ("", "_low", "_high")),
    )  # fmt: skip

    def paragraphs(self) -> tuple[str, ...]:
        """What faithfulness can tell, and what the rules are."""
        return (
            "Faithfulness is BERTScore's precision of each sentence of a summary against windows of 100 words of "
            "the movie's own transcript: the maximum over the windows, the mean over the sentences. Its floor "
            "takes the same summaries against other movies' transcripts, and only the distance from it tells "
            "anything. It sees whether the content is in the transcript, and is blind to who does what to whom "
            "and to negation; a true fact that is not spoken counts as unsupported, a copy as best. The human plot is "
            "true of the film: a system above it is nearer to the transcript's words, and not truer.",
            "The rules are those that every prompt sets. Names of cast and crew are found by patterns and by a list "
            "of some hundreds of people, both coarse.",
        )

    def plots(self) -> tuple[Plot, ...]:
        """Lengths of the summaries and of the references, over the band that was asked for."""
        written = self.summaries[self.summaries["status"] == "ok"]
        if written.empty or self.compliance.empty:
            return ()
        lengths = {
            f"{model} · {prompt}": group["words"].astype(float).tolist()
            for (model, prompt), group in groups(written, ("model", "prompt"))
        }
        references = self.synopses.loc[self.synopses["status"] == "ok", "words"].astype(float).tolist()
        lengths |= {"reference synopses": references} if references else {}
        words = float(self.compliance["words_asked"].iloc[0])
        wanted = (0.7 * words, 1.3 * words)
        band = f"The band is 70 to 130 % of the {whole(words)} words asked for."
        return (
            Plot(
                svg=length_strips(
                    lengths, wanted, identifier="summary-lengths", description=f"Strips of dots. {band}"
                ),
                caption=f"Lengths of the summaries in words, a dot each, or every so many. {band}",
            ),
        )

    def tables(self) -> tuple[Table, ...]:
        """Faithfulness, and the rules kept."""
        return (_faithfulness_table(self.metrics), _rules_table(self.compliance))


def _faithfulness_table(metrics: pd.DataFrame) -> Table:
    rows = []
    own = in_order(metrics[(metrics["metric"] == "faithfulness") & (metrics["length"] == "full")])
    for (system, prompt, kind), group in groups(own, ("system", "prompt", "row_kind")):
        cells = (
            Cell(system),
            Cell(prompt or NOTHING),
            estimate_cell(group),
            Cell(whole(group["movies"].max())),
        )
        rows.append(Row(cells, kind))
    scorers = list(dict.fromkeys(filter(None, own["scorer"].map(text))))
    return Table(
        caption="Faithfulness of the summaries to their transcripts",
        columns=(Column("System"), Column("Prompt"), Column("Faithfulness", True), Column("Movies", True)),
        rows=tuple(rows),
        note=f"Scored with {'; '.join(scorers)}." if scorers else "",
        nothing="No summary has a transcript to be compared with.",
    )


def _rules_table(compliance: pd.DataFrame) -> Table:
    rows = []
    for (model, prompt), group in groups(compliance, ("model", "prompt")):
        counts = (Cell(whole(group[count].iloc[0])) for count in ("movies", "abstained", "failed"))
        shares = (estimate_cell(group, share, f"{share}_low", f"{share}_high") for share in _SHARES)
        rows.append(Row((Cell(model), Cell(prompt or NOTHING), *counts, *shares)))
    return Table(
        caption="Does the summary keep to the prompt's rules?",
        columns=(
            Column("Model"),
            Column("Prompt"),
            Column("Asked", True),
            Column("Abstained", True),
            Column("Failed", True),
            *(Column(label, True) for label in _SHARES.values()),
        ),
        rows=tuple(rows),
        note="Shares of the summaries written. Echo: 8 words in a row of the prompt's own text, or distinctive words of its "
        "examples. Copy: 12 words in a row of the transcript. Words from the transcript: coverage as in Newsroom (Grusky et "
        "al. 2018), the mean. An invented name is neither in the transcript nor in the title, nor sounds like what is there."
        + _names_told(compliance, "names", "Cast and crew found")
        + _names_told(compliance, "invented_names", "Invented")
        + _names_told(compliance, "echoed_words", "Words of the prompt's examples"),
        nothing="No summary was asked for.",
    )


def _names_told(compliance: pd.DataFrame, column: str, what: str) -> str:
    """Which names were found, as far as a note can hold them."""
    names = sorted({name for found in compliance[column].map(text) for name in found.split("; ") if name})
    if not names:
        return ""
    more = f" and {len(names) - _NAMES_TOLD:,} more" if len(names) > _NAMES_TOLD else ""
    return f" {what}: {', '.join(names[:_NAMES_TOLD])}{more}."
