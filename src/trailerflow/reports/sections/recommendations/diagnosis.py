"""Language models as rankers: do they rank films, or the places at which films are shown, and what does it cost?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trailerflow.reports.figures import Figure
from trailerflow.reports.plots import Mark, Panel, against_chance
from trailerflow.reports.rows import groups
from trailerflow.reports.values import duration, is_missing, money, number, score, text, whole
from trailerflow.reports.view import Cell, Column, Plot, Row, Table

if TYPE_CHECKING:
    import pandas as pd

_NO_BIAS = 0.5
"""How high films are put on average, whatever the place."""

_MEANS = (
    "Spread: standard deviation of NDCG over the shuffled orders, of the mean over users and of single users. A model that "
    "is asked about one film at a time sees no order, so its spread is 0 by construction, and it has no place and no echo. "
    "First less last: how much higher films are put that are shown first (0 without any bias, 1 at most). Echo: Kendall's "
    "tau of the order shown and the order given; 1 repeats what was shown. Popularity: Spearman's correlation with the "
    "number of ratings, within a user's films."
)

_ANSWERS = (
    "Unreadable: share of users with an answer that was malformed, incomplete or missing. Years, genres by title: "
    "what the model has right when it is told the title alone, where it was probed. Tokens, time and cost are those "
    "of one user. Candidate recall and distinct films are told where films are sought among others."
)


def biases(table: pd.DataFrame) -> Table:
    """Place, echo, popularity, and what could have been seen."""
    rows = [
        Row(
            (
                *_names(row),
                Cell(score(row["ndcg"])),
                Cell(score(row["smallest"])),
                Cell("none" if row["orders"] == 0 else whole(row["orders"])),
                Cell(score(row["spread"])),
                Cell(score(row["user_spread"])),
                *(_figure(row, name) for name in ("first_less_last", "echo", "popularity")),
            )
        )
        for row in table.to_dict("records")
    ]
    labels = (
        "NDCG", "Smallest to be seen", "Orders", "Spread", "Spread of a user", "First less last", "Echo", "Popularity",
    )  # fmt: skip
    return _table("what their rankings hang on", labels, rows, _MEANS)


def answers(table: pd.DataFrame) -> Table:
    """What could be read, what is remembered, and what a user costs."""
    shares = ("candidate_recall", "unreadable_before", "unreadable_after", "memory_year", "memory_genres")
    rows = [
        Row(
            (
                *_names(row),
                Cell(whole(row["users"])),
                *(Cell(score(row[name])) for name in shares[:1]),
                Cell(whole(row["distinct_films"])),
                *(Cell(score(row[name])) for name in shares[1:]),
                *(Cell(whole(row[name])) for name in ("prompt_tokens", "completion_tokens")),
                Cell("–" if is_missing(row["seconds"]) else duration(row["seconds"])),
                Cell(money(row["usd"])),
            )
        )
        for row in table.to_dict("records")
    ]
    labels = (
        "Users", "Candidate recall", "Distinct films", "Unreadable at first", "After repair", "Years by title",
        "Genres by title", "Tokens read", "Written", "Time", "Cost",
    )  # fmt: skip
    return _table("their answers, their memory and their cost", labels, rows, _ANSWERS)


def _table(about: str, labels: Sequence[str], rows: Sequence[Row], note: str) -> Table:
    return Table(
        caption=f"Language models as rankers: {about}",
        columns=(Column("Ranker"), Column("Asked"), *(Column(label, True) for label in labels)),
        rows=tuple(rows),
        note=note,
        nothing="No language model ranked.",
    )


def place_plots(places: pd.DataFrame) -> tuple[Plot, ...]:
    """How high films are put by the place where they are shown: a drawing for each question, a panel for each ranker."""
    everything = places[places["films"] == "all"]
    return tuple(
        plot
        for (split, protocol), own in groups(everything, ("split", "protocol"))
        for plot in against_chance(
            [_panel(ranker, rows, own["place"].max()) for (ranker,), rows in groups(own, ("ranker",))],
            title="How high films are put by the place where they are shown",
            identifier=f"by-place-{split}-{protocol}",
            caption=f"How high films are put by the place where they are shown ({split}, {protocol}), 1 above all others",
        )
    )


def _panel(ranker: str, rows: pd.DataFrame, most: int) -> Panel:
    """The places of one ranker; it may show fewer films than others."""
    found = {
        int(row["place"]): [number(row[name]) for name in ("put", "low", "high")]
        for row in rows.to_dict("records")
    }
    nothing = [float("nan")] * 3
    marks = tuple(Mark(str(place), *found.get(place, nothing)) for place in range(1, int(most) + 1))
    return Panel(ranker, marks, _NO_BIAS)


def _names(row: Mapping[Any, Any]) -> tuple[Cell, Cell]:
    return Cell(text(row["ranker"])), Cell(f"{text(row['split'])}, {text(row['protocol'])}")


def _figure(row: Mapping[Any, Any], name: str) -> Cell:
    return Figure(*(number(row[f"{name}{end}"]) for end in ("", "_low", "_high"))).cell
