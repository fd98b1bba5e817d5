"""Where the best systems are wrong: by kind of text, genre beside genre, and the films to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trailerflow.reports.sections.genres.scored import Part
from trailerflow.reports.values import interval, movie_name, score, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd

_PAIRS, _FILMS = 10, 5
"""Pairs of genres, and films, that are shown of each part."""


def by_text(parts: list[Part], table: pd.DataFrame) -> Table:
    """The scores of each part's best system by the source and by the length of the text that it read."""
    rows = []
    for part, row in _of_the_best(parts, table):
        figures = [
            Cell(score(row[name]), interval(row[f"{name}_low"], row[f"{name}_high"]))
            for name in ("average_precision", "f1")
        ]
        names = (part.best.name, part.name, text(row["by"]), text(row["group"]))
        rows.append(Row((*map(Cell, names), *figures, Cell(whole(row["movies"])))))
    return Table(
        caption="By the text that was read",
        columns=(
            *(Column(name) for name in ("System", "Part", "By", "Text")),
            *(Column(name, True) for name in ("µAP", "Micro F1", "Films")),
        ),
        rows=tuple(rows),
        note="The groups hold different films, so that a difference may lie in the films and not in the texts.",
    )


def stand_ins(parts: list[Part], table: pd.DataFrame) -> Table:
    """Which genre the best system of each part named in the place of which, the most frequent pairs first."""
    rows = []
    for part in parts:
        own = sorted(_of_the_best([part], table), key=lambda pair: -float(pair[1]["movies"]))[:_PAIRS]
        for _, row in own:
            names = (part.best.name, part.name, text(row["missed"]), text(row["named"]))
            rows.append(Row((*map(Cell, names), Cell(whole(row["movies"])), Cell(score(row["share"])))))
    return Table(
        caption="Which genre is named in the place of which",
        columns=(
            *(Column(name) for name in ("System", "Part", "Missed", "Named instead")),
            *(Column(name, True) for name in ("Films", "Share of those missed")),
        ),
        rows=tuple(rows),
        note="A film in which several genres were missed or wrongly named counts in several pairs.",
        nothing="No genre was named in the place of another.",
    )


def worst_films(parts: list[Part], table: pd.DataFrame) -> Table:
    """The films on which the best system of each part was most wrong."""
    rows = []
    for part, row in _of_the_best(parts, table):
        if float(row["rank"]) <= _FILMS:
            names = (movie_name(row["title"], row["year"]), part.best.name, part.name)
            said = (text(row["true"]), text(row["predicted"]) or "none")
            source = f"{text(row['source'])}: " if text(row["beginning"]) else ""
            rows.append(
                Row(
                    (
                        *map(Cell, (*names, *said)),
                        Cell(score(row["f1"])),
                        Cell(f"{source}{text(row['beginning'])}"),
                    )
                )
            )
    return Table(
        caption="Films with the worst errors, to look at",
        columns=(
            *(Column(name) for name in ("Film", "System", "Part", "Genres", "Predicted")),
            Column("F1", True),
            Column("Text"),
        ),
        rows=tuple(rows),
        note="Lowest F1 of a film's genres first, of equal ones those with a wrong genre above most right ones.",
    )


def _of_the_best(parts: list[Part], table: pd.DataFrame) -> list[tuple[Part, dict[Any, Any]]]:
    """The rows of each part's best system and its first seed."""
    found = []
    for part in parts:
        own = table[table["part"].map(text) == part.name]
        system, arm = part.best.key
        own = own[(own["system"].map(text) == system) & (own["arm"].map(text) == arm)]
        seeds = own["seed"].map(text)
        found += [(part, row) for row in own[seeds == seeds.iloc[0]].to_dict("records")] if len(own) else []
    return found
