"""What the check of claims kept: what its measure is worth first, then what it left of the summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailerflow.reports.rows import estimate_cell, groups
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import NOTHING, counted, estimate, listed, score, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd

_FIRST = "supported, invented"
"""What a measure must tell apart above all (`trailerflow.summaries.support.worth.COMPARISONS`)."""

_SHARES = {
    "kept": "Claims kept",
    "invented_name": "Claims with an invented name",
    "nothing_left": "Films of which nothing was left",
}
"""Heading by share."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SummarySupport(Section):
    """Worth of the measure that claims are checked by, and shares of claims kept."""

    identifier = "summary-support"
    title = "What the check of claims kept"

    worth: pd.DataFrame = table(
        "score_summaries/support_worth.csv",
        "measure", "model", "comparison", "reader", "auc", "auc_low", "auc_high", "kappa", "kappa_low", "kappa_high",
        "claims", "films",
    )  # fmt: skip
    kept: pd.DataFrame = table(
        "score_summaries/kept_claims.csv",
        "model", "prompt", "measure", "movies", "claims", "kept_a_film",
        *(f"{share}{end}" for share in _SHARES for end in ("", "_low", "_high")),
    )  # fmt: skip

    def findings(self) -> list[str]:
        """How much of each system's claims was kept, and what that is worth."""
        return [
            f"{row['model']} ({row['prompt']}): of {counted(int(row['claims']), 'claim')} in "
            f"{counted(int(row['movies']), 'summary', 'summaries')}, "
            f"{estimate(row['kept'], row['kept_low'], row['kept_high'])} are kept as supported by the transcript. "
            f"{self._said_of_worth(row['measure'])}"
            for row in self.kept.to_dict("records")
        ]

    def paragraphs(self) -> tuple[str, ...]:
        """What is checked, and how to read the tables; or that nothing is."""
        if not self._ways:
            return (
                "No way of asking is checked (summaries.check.ways), so all claims stay as they were written.",
            )
        return (
            f"The summaries of {listed(self._ways)} are split into claims, and each is held against the transcript by the "
            f"measure {listed(self._measures)}. A claim is kept where the measure gives it enough and all its names were "
            "spoken. Copies of the transcript stay in the text, and are not counted here.",
            "Shares of kept claims are worth what the measure is: so the first table tells how well it tells claims apart "
            "that readers labelled, by the area under the ROC curve (chance is .5), and how far it agrees with them beyond "
            "chance (kappa). Another film's plot is an easy test, which whatever sees the topic passes. With another "
            "language model than the one named the worth is not known.",
        )

    def tables(self) -> tuple[Table, ...]:
        """The worth, then what was kept; none where nothing is checked."""
        if not self._ways:
            return ()
        return (*(_worth_table(self._worth_of(one), one) for one in self._measures), _kept_table(self.kept))

    @property
    def _ways(self) -> list[str]:
        asked = self.run.config.get("summaries", {}).get("prompts", ())
        return [way for way in asked if way in self._check.get("ways", ())]

    @property
    def _measures(self) -> list[str]:
        """The measures that claims were checked by: a model without log-probabilities is asked by another than it says."""
        checked = [str(one) for one in self.kept["measure"].unique()]
        return checked or [str(self._check.get("measure", ""))]

    @property
    def _check(self) -> Mapping[str, Any]:
        settings: Mapping[str, Any] = self.run.config.get("summaries", {}).get("check", {})
        return settings

    def _worth_of(self, measure: str) -> pd.DataFrame:
        """The rows of a measure."""
        return self.worth[self.worth["measure"] == measure]

    def _said_of_worth(self, measure: str) -> str:
        """What a measure is worth by the first of its readers."""
        worth = self._worth_of(measure)
        rows = worth[worth["comparison"] == _FIRST]
        if rows.empty:
            return f"What the measure {measure} is worth was not measured."
        row = rows.iloc[0]
        return (
            f"The measure {measure} tells supported claims from invented ones with an AUC of "
            f"{estimate(row['auc'], row['auc_low'], row['auc_high'])} (read by {text(row['reader'])})."
        )


def _worth_table(worth: pd.DataFrame, measure: str) -> Table:
    rows = [
        Row(
            (
                Cell(comparison),
                Cell(reader or NOTHING),
                Cell(model or NOTHING),
                estimate_cell(group, "auc", "auc_low", "auc_high"),
                estimate_cell(group, "kappa", "kappa_low", "kappa_high"),
                Cell(whole(group["claims"].iloc[0])),
                Cell(whole(group["films"].iloc[0])),
            )
        )
        for (comparison, reader, model), group in groups(worth, ("comparison", "reader", "model"))
    ]
    return Table(
        caption=f"What the measure {measure} is worth",
        columns=(
            Column("Told apart"),
            Column("Read by"),
            Column("Model asked"),
            *(Column(name, True) for name in ("AUC", "Kappa", "Claims", "Films")),
        ),
        rows=tuple(rows),
        note="95 % bootstrap intervals over films. For kappa each film's claims are decided by the best threshold of the "
        "other films.",
        nothing=f"What the measure {measure} is worth was not measured.",
    )


def _kept_table(kept: pd.DataFrame) -> Table:
    rows = []
    for (model, prompt), group in groups(kept, ("model", "prompt")):
        row = group.iloc[0]
        shares = (estimate_cell(group, share, f"{share}_low", f"{share}_high") for share in _SHARES)
        counts = (Cell(whole(row["movies"])), Cell(whole(row["claims"])), Cell(score(row["kept_a_film"])))
        rows.append(Row((Cell(model), Cell(prompt), *counts, *shares)))
    return Table(
        caption="What the check kept of the claims",
        columns=(
            Column("Model"),
            Column("Prompt"),
            *(Column(name, True) for name in ("Summaries", "Claims", "Kept a summary", *_SHARES.values())),
        ),
        rows=tuple(rows),
        note="95 % bootstrap intervals over films, each drawn with all its claims.",
        nothing="No summary has a claim that was checked.",
    )
