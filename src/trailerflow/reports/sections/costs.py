"""What the language models were asked and what that cost, by stage, model and prompt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailerflow.reports.section import Section, table
from trailerflow.reports.values import NOTHING, duration, is_missing, listed, money, text, whole
from trailerflow.reports.view import Cell, Column, Fact, Row, Table

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
_ASKED = ("Requests", "Kept", "Tokens read", "Written", "Time", "Money", "This run", "Watt hours")

Paid = dict[tuple[str, ...], dict[str, Any]]
"""What the last run paid for new answers, by stage, model and prompt."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Costs(Section):
    """Requests, tokens, time, money and energy, in all and per 1,000 movies."""

    identifier = "costs"
    title = "What the language models cost"

    costs: pd.DataFrame = table(
        "account_costs/costs.csv",
        "stage", "model", "prompt", "movies", "requests", "prompt_tokens", "completion_tokens", "seconds", "usd",
        "price_date", "watt_hours", "seconds_per_1000_movies", "usd_per_1000_movies", "watt_hours_per_1000_movies",
    )  # fmt: skip

    def facts(self) -> tuple[Fact, ...]:
        """Requests, and money where there was any."""
        requests = sum(row["requests"] for about in self.run.abouts for row in about["usage"])
        paid = self.costs.loc[self.costs["stage"] == ALL, "usd"]
        return (
            *((Fact(f"{requests:,.0f}", "LLM requests"),) if requests else ()),
            *((Fact(money(paid.iloc[-1]), "for their answers"),) if len(paid) and paid.iloc[-1] else ()),
        )

    def paragraphs(self) -> tuple[str, ...]:
        """By which prices money is counted, and where energy comes from."""
        return (_prices(self.costs), _energy(self.costs)) if len(self.costs) else ()

    def tables(self) -> tuple[Table, ...]:
        """What was asked, and a thousand movies' part."""
        return (_asked(self.costs, _paid(self.run.abouts)), _per_movies(self.costs))


def _prices(costs: pd.DataFrame) -> str:
    dates = sorted({text(date) for date in costs["price_date"].dropna()})
    said = f"list prices of {listed(dates)}" if dates else "no list prices, since no hosted model has any"
    return (
        f"Money is counted by {said}. An answer that is kept was paid for once, perhaps by an earlier run: what the last "
        "run of each stage paid for new answers is told apart. Embedded models cost no money."
    )


def _energy(costs: pd.DataFrame) -> str:
    if costs["watt_hours"].notna().any():
        return "Energy is that of the processors and graphics cards while an embedded model was asked."
    return "Energy could not be read on this machine."


def _rows(costs: pd.DataFrame) -> list[tuple[pd.Series, str]]:
    return [(row, "total" if row["stage"] == ALL else "system") for _, row in costs.iterrows()]


def _paid(abouts: Iterable[dict[str, Any]]) -> Paid:
    rows = [row for about in abouts for row in about["paid"]]
    return {(row["stage"], row["model"], row["prompt"]): row for row in rows}


def _new(paid: Paid, row: pd.Series) -> dict[str, Any]:
    return paid.get((row["stage"], row["model"], row["prompt"]), {})


def _asked(costs: pd.DataFrame, paid: Paid) -> Table:
    return Table(
        caption="Requests, tokens and money",
        columns=(
            Column("Stage"), Column("Model"), Column("Prompt"),
            *(Column(name, True) for name in _ASKED),
        ),
        rows=tuple(
            Row(
                (
                    Cell(text(row["stage"])),
                    Cell(text(row["model"])),
                    Cell(text(row["prompt"])),
                    Cell(whole(row["requests"])),
                    Cell(whole(_new(paid, row).get("cached"))),
                    Cell(whole(row["prompt_tokens"])),
                    Cell(whole(row["completion_tokens"])),
                    Cell(duration(row["seconds"])),
                    Cell(money(row["usd"])),
                    Cell(money(_new(paid, row).get("usd"))),
                    Cell(NOTHING if is_missing(row["watt_hours"]) else f"{row['watt_hours']:.2f}"),
                ),
                kind,
            )
            for row, kind in _rows(costs)
        ),
        note="Time is that of the requests when they were asked, summed; several were in flight at a time.",
        nothing="No language model was asked.",
    )  # fmt: skip


def _per_movies(costs: pd.DataFrame) -> Table:
    return Table(
        caption="For 1,000 movies",
        columns=(
            Column("Stage"), Column("Model"), Column("Prompt"), Column("Movies", True), Column("Time", True),
            Column("Money", True), Column("Watt hours", True),
        ),
        rows=tuple(
            Row(
                (
                    Cell(text(row["stage"])),
                    Cell(text(row["model"])),
                    Cell(text(row["prompt"])),
                    Cell(whole(row["movies"])),
                    Cell(duration(row["seconds_per_1000_movies"])),
                    Cell(money(row["usd_per_1000_movies"])),
                    Cell(whole(row["watt_hours_per_1000_movies"])),
                ),
                kind,
            )
            for row, kind in _rows(costs)
        ),
        note="Movies are those that a stage asked about; a movie's share is the thousandth part.",
        nothing="No language model was asked.",
    )  # fmt: skip
