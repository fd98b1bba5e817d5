"""For whom rankers are good: figures by groups, and without others' later ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailerflow.reports.figures import Figure, probability, signed
from trailerflow.reports.rows import groups
from trailerflow.reports.sections.recommendations.scored import Asked, Ranked, heading
from trailerflow.reports.values import interval, is_missing, number, score, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table
from trailerflow.row_kinds import REFERENCE

if TYPE_CHECKING:
    import pandas as pd

GAP = "gap"
"""By the time from a user's last training rating to the first held-out one."""

_MOST = 5
"""Rankers that are shown of each place."""

_BY = {
    GAP: "time to the test",
    "activity": "known ratings",
    "film age": "age of the film",
    "age": "age",
    "sex": "sex",
    "occupation": "occupation",
}


def by_gap(asked: Asked, table: pd.DataFrame) -> Table:
    """Figures by the time from the last training rating to the first held-out one; folded where an order was asked for."""
    return Table(
        caption=f"By the time from a user's last training rating to the first held-out one {asked.title}",
        columns=_columns(asked),
        rows=_rows(asked, _of(asked, table, [GAP])),
        note=(
            "Users who rate many films within seconds submit a page at a time: what stands on the page then tells what "
            "comes next. A ranker that is better for these users alone knows the page and not the taste."
        ),
        folded="" if asked.seeks else f"Show the figures by this time ({asked.place.question})",
        nothing="There are no figures by the time to the test.",
    )


def by_groups(asked: Asked, table: pd.DataFrame) -> Table:
    """Figures by activity, age of the films, and what the archive tells of the users, folded."""
    return Table(
        caption=f"By groups of users and films {asked.title}",
        columns=_columns(asked),
        rows=_rows(asked, _of(asked, table, [by for by in _BY if by != GAP])),
        note=(
            "Age, sex and occupation are what the archive tells of its users. By the age of a film when it was rated, over "
            "the held-out films of that age alone. All rankers stand in breakdowns.csv."
        ),
        folded=f"Show the figures by groups of users and films ({asked.place.question})",
        nothing="There are no figures by groups.",
    )


def _of(asked: Asked, table: pd.DataFrame, wanted: list[str]) -> pd.DataFrame:
    place = asked.place
    names = {"split": place.split, "protocol": place.protocol, "ties": place.ties}
    for column, value in names.items():
        table = table[table[column].map(text) == value]
    return table[table["by"].map(text).isin(wanted)]


def _shown(asked: Asked) -> list[Ranked]:
    """The best rankers, and chance."""
    return [*asked.rankers[:_MOST], *([asked.chance] if asked.chance else [])]


def _columns(asked: Asked) -> tuple[Column, ...]:
    return (
        *(Column(label) for label in ("By", "Group", "Metric")),
        Column("Users", True),
        *(Column(one.name, True) for one in _shown(asked)),
    )


def _rows(asked: Asked, table: pd.DataFrame) -> tuple[Row, ...]:
    """A row a group: the main metric, or the other where there is no main one."""
    rows = []
    for (by, group), own in groups(table, ("by", "group")):
        for metric in (key[0] for key in asked.compared):
            found = own[own["metric"].map(text) == metric]
            if len(found):
                cells = [_cell(found, one) for one in _shown(asked)]
                key = asked.largest[metric]
                users = whole(found["users"].astype(float).max())
                rows.append(Row((*map(Cell, (_BY.get(by, by), group, heading(key), users)), *cells)))
                break
    return tuple(rows)


def _cell(rows: pd.DataFrame, one: Ranked) -> Cell:
    own = rows[(rows["ranker"].map(text) == one.name) & (rows["row_kind"].map(text) == one.kind)]
    if own.empty:
        return Cell(score(None))
    row = own.iloc[0]
    return Figure(*(number(row[name]) for name in ("value", "low", "high"))).cell


def later_ratings(table: pd.DataFrame) -> Table:
    """Every ranker with others' later ratings and without them."""
    rows = []
    for row in table.to_dict("records"):
        names = (
            text(row["ranker"]),
            f"{text(row['split'])}, {text(row['protocol'])}",
            _metric(row["metric"], row["k"]),
        )
        difference = number(row["difference"])
        cells = (
            Cell(score(row["value"])),
            Cell(score(row["past_value"])),
            Cell(signed(difference), interval(row["difference_low"], row["difference_high"])),
            Cell(probability(number(row["p_corrected"]))),
            Cell(whole(row["users"])),
        )
        kind = REFERENCE if text(row["row_kind"]) == REFERENCE else "system"
        rows.append(Row((*map(Cell, names), *cells), kind))
    return Table(
        caption="With others' later ratings and without them",
        columns=(
            *(Column(label) for label in ("Ranker", "Asked", "Metric")),
            *(Column(label, True) for label in ("With them", "Without", "Difference")),
            Column("p"),
            Column("Users", True),
        ),
        rows=tuple(rows),
        note=(
            "Without: of others only what they had rated before the user's last training rating, as it is when somebody is "
            "really asked. Paired differences over the same users; p values are corrected together (Holm)."
        ),
        nothing="No split was run both with others' later ratings and without them.",
    )


def _metric(metric: object, k: object) -> str:
    return heading((text(metric), "" if is_missing(k) else text(k)))
