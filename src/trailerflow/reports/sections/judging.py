"""How summaries were rated: by a language model, each pair in both orders, and by people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.rows import groups
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import NOTHING, is_missing, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd

KIT = "results/make_rating_kit/kit.html"
RATERS = {"judge": "the judge", "person": "people", "corrected": "the judge, corrected by people"}
JUDGE = "the judge"
"""What stands in the names of raters where the judge is one of them, or stands beside them."""

CRITERIA = {
    "relevance": "Relevance",
    "fluency": "Fluency",
    "consistency": "Consistency",
    "storyline_recall": "Storyline recall",
    "all": "All",
}
NOT_RATED = {"claims": "Labels of claims"}
"""What raters agree on beside the criteria."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Judging(Section):
    """Mean ratings by system and criterion, and how far raters agree."""

    identifier = "ratings"
    title = "How summaries were rated"
    abouts = ("judge_summaries/about.json", "read_ratings/about.json")

    ratings: pd.DataFrame = table(
        "score_ratings/ratings.csv",
        "kind", "model", "prompt", "criterion", "mean", "low", "high", "movies", "raters", "note",
    )  # fmt: skip
    agreement: pd.DataFrame = table(
        "score_ratings/agreement.csv", "who", "criterion", "measure", "value", "low", "high", "units", "note"
    )

    def paragraphs(self) -> tuple[str, ...]:
        """Who rated, and where people do it."""
        return (_introduction(self.ratings),)

    def tables(self) -> tuple[Table, ...]:
        """The ratings, how far the judge is to be trusted, and the agreement of those who gave the ratings."""
        of_judge = self.agreement["who"].map(lambda who: JUDGE in text(who)).astype(bool)
        return (
            _ratings(self.ratings),
            _agreement("How far the judge can be trusted", self.agreement[of_judge]),
            _agreement(
                "How far people agree", self.agreement[~of_judge], folded="Show the agreement of people"
            ),
        )


def points(value: object, low: object, high: object) -> Cell:
    """A rating in points, with its interval."""
    if is_missing(value):
        return Cell(NOTHING)
    bounds = "" if is_missing(low) or is_missing(high) else f"[{float(str(low)):.2f}, {float(str(high)):.2f}]"
    return Cell(f"{float(str(value)):.2f}", bounds)


def _introduction(ratings: pd.DataFrame) -> str:
    kinds = set(ratings["kind"].dropna())
    people = (
        ""
        if "person" in kinds
        else f" No person has rated yet: the page to do it on is {KIT}; docs/judging.md says how its files come back."
    )
    judge = (
        "A language model rated pairs of summaries from 1 to 5, each pair in both orders. A small judge often prefers a "
        "place to a summary: read its ratings only as far as it agrees with itself."
        if "judge" in kinds
        else "No language model rated the summaries."
    )
    return judge + people


def _ratings(ratings: pd.DataFrame) -> Table:
    rows = []
    for (kind, model, prompt), group in groups(ratings, ("kind", "model", "prompt")):
        by_criterion = group.set_index("criterion")
        cells = [
            points(*by_criterion.loc[name, ["mean", "low", "high"]])
            if name in by_criterion.index
            else Cell(NOTHING)
            for name in CRITERIA
        ]
        names = (RATERS.get(kind, kind), model, prompt)
        rows.append(
            Row(
                (
                    *map(Cell, names),
                    *cells,
                    Cell(whole(group["movies"].max())),
                    Cell(whole(group["raters"].max())),
                    Cell(text(by_criterion.iloc[-1]["note"])),
                )
            )
        )
    return Table(
        caption="Mean ratings, from 1 (poor) to 5 (excellent)",
        columns=(
            Column("By"), Column("Model"), Column("Prompt"), *(Column(name, True) for name in CRITERIA.values()),
            Column("Movies", True), Column("Raters", True), Column("Note"),
        ),
        rows=tuple(rows),
        note="In brackets 95 % intervals over the movies, by bootstrap. The judge, corrected by people: its mean less its "
        "mean error where people rated the same films (prediction-powered inference, Angelopoulos et al. 2023), with a "
        "normal interval, which is too narrow for fewer than some twenty films rated by both.",
        nothing="Nothing was rated.",
    )  # fmt: skip


def _agreement(caption: str, agreement: pd.DataFrame, folded: str = "") -> Table:
    return Table(
        caption=caption,
        columns=(
            Column("Who"), Column("By"), Column("Measure"), Column("Value", True), Column("Rated", True), Column("Note"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(text(row["who"])),
                    Cell((CRITERIA | NOT_RATED).get(text(row["criterion"]), text(row["criterion"]))),
                    Cell(text(row["measure"])),
                    points(row["value"], row["low"], row["high"]),
                    Cell(whole(row["units"])),
                    Cell(text(row["note"])),
                )
            )
            for _, row in agreement.iterrows()
        ),
        note="1 is agreement and 0 what chance gives, for alpha and kappa. Rated counts what at least two have rated.",
        folded=folded,
        nothing="Nothing was rated twice.",
    )  # fmt: skip
