"""The first sentences and tables of the section: who ranks best, beside what, and what is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trailerflow.reports.figures import told_apart
from trailerflow.reports.findings import beside_the_others, compared
from trailerflow.reports.sections.recommendations.pairs import Pairs, beside_the_best
from trailerflow.reports.sections.recommendations.scored import (
    METRICS,
    SHOWN,
    Asked,
    Key,
    Ranked,
    heading,
    leading,
)
from trailerflow.reports.values import counted, estimate, is_missing, listed, score, whole
from trailerflow.reports.view import Cell, Column, Row, Table
from trailerflow.row_kinds import PUBLISHED

_COUNTS = ("distinct_films",)
"""Metrics that are numbers of films."""


def finding(asked: Asked, pairs: Pairs) -> str:
    """The best ranker of a place beside chance and the oracle, and whether it beats the others."""
    best = asked.best
    if best is None:
        return ""
    others = len(asked.rankers)
    place = f"the best of {counted(others, 'ranker')}" if others > 1 else "the only ranker"
    low_high = best.less_chance(asked.main)
    relation = compared(low_high.low, low_high.high, 0, 0)
    beside = [
        f"{name} {score(one.figure(asked.main).value)}"
        for name, one in (("chance", asked.chance), ("the oracle", asked.oracle))
        if one is not None
    ]
    second = "".join(f"; {heading(key).lower()} {_said(best, key)}" for key in asked.compared[1:])
    said = (
        f"Rankings, {asked.words} ({asked.place.question}, {counted(asked.users, 'user')}): {best.name} is {place}, "
        f"{heading(asked.main)} {_said(best, asked.main)}, which {relation} chance ({', '.join(beside)}){second}."
    )
    return " ".join(filter(None, (said, _others(asked, pairs))))


def _said(one: Ranked, key: Key) -> str:
    figure = one.figure(key)
    return estimate(figure.value, figure.low, figure.high)


def _others(asked: Asked, pairs: Pairs) -> str:
    """Which other rankers the best one beats."""
    better, same, smallest = told_apart(beside_the_best(asked, pairs))
    others = len(asked.rankers) - 1
    return beside_the_others(len(better), others, [one.name for one in same], smallest)


def of_language_model(asked: Asked, one: Ranked) -> str:
    """A language model beside chance, and which other rankers were better for the same users."""
    difference = one.less_chance(asked.main)
    relation = compared(difference.low, difference.high, 0, 0)
    value = one.figure(asked.main).value
    higher = [
        f"{other.name} {score(other.figure(asked.main).value)}"
        for other in reversed(asked.rankers)
        if other is not one and other.figure(asked.main).value > value
    ]
    return (
        f"{one.name}: {heading(asked.main)} {_said(one, asked.main)} for {asked.place.users} ({asked.place.question}); less "
        f"chance {estimate(difference.value, difference.low, difference.high)}, so it {relation} chance."
        + (f" Higher for the same users: {listed(higher)}." if higher else "")
    )


def headline(asked: Asked, published: Sequence[Ranked], *, folded: bool) -> Table:
    """The figures of all rankers of a place, the best first, what they are compared with, and published ones."""
    keys = [key for name, key in asked.largest.items() if name in METRICS]
    rows = [
        Row((*_names(one, keys), one.less_chance(asked.main).cell, *_told(one, asked.main)), one.kind)
        for one in (*asked.rankers, *asked.references, *published)
    ]
    return Table(
        caption=f"Ranking quality {asked.title}",
        columns=(
            Column("Ranker"),
            *(Column(heading(key), True) for key in keys),
            Column(f"{heading(asked.main)} less chance", True),
            Column("Users", True),
            Column("Note"),
        ),
        rows=tuple(rows),
        note=asked.repeats[:1].upper() + asked.repeats[1:] + "." if asked.repeats else "",
        folded=f"Show the figures ({asked.place.question})" if folded else "",
        nothing="No ranker could be scored.",
    )


def at_other_cuts(asked: Asked) -> Table:
    """The same metrics at smaller cut-offs, folded."""
    keys = [key for key in asked.keys if key not in asked.largest.values() and key[0] in METRICS]
    return Table(
        caption=f"Ranking quality at smaller cut-offs {asked.title}",
        columns=(Column("Ranker"), *(Column(heading(key), True) for key in keys)),
        rows=tuple(
            Row(tuple(_names(one, keys)), one.kind) for one in (*asked.rankers, *asked.references) if keys
        ),
        folded=f"Show the figures at smaller cut-offs ({asked.place.question})",
        nothing="There is no smaller cut-off.",
    )


def shown_films(asked: Asked) -> Table:
    """What rankers show, whether it is right or not."""
    keys = [key for name, key in asked.largest.items() if name in SHOWN]
    return Table(
        caption=f"What is shown {asked.title}",
        columns=(Column("Ranker"), *(Column(heading(key), True) for key in keys)),
        rows=tuple(
            Row(tuple(_names(one, keys)), one.kind) for one in (*asked.rankers, *asked.references) if keys
        ),
        note=(
            "Candidate recall: share of the held-out films in the ranker's whole list, which a reranker could find. The "
            "others are of the first 10 films. Distinct films: how many different ones all users together are shown; "
            "coverage: their share of all candidates. Novelty: -log2 of the share of users who have rated a film. "
            "Diversity: 1 less the mean cosine of two films' genres. Popularity: share of users who have rated a film, and "
            "how much that is above the films that the user has rated."
        ),
        folded=f"Show novelty, diversity, popularity and distinct films ({asked.place.question})",
        nothing="Films were not sought among others, so nothing was shown.",
    )


def beside_published(all_asked: Sequence[Asked], published: Mapping[str, Sequence[Ranked]]) -> Table:
    """Each published figure beside our best ranker in the same protocol, and whether it lies inside our interval."""
    by_protocol = {one.place.protocol: one for one in reversed(leading(all_asked))}
    rows = [
        Row(
            (*map(Cell, (one.name, protocol, heading(key))), *_beside(one, key, by_protocol.get(protocol))),
            PUBLISHED,
        )
        for protocol, rankers in published.items()
        for one in rankers
        for key in one.rows
    ]
    return Table(
        caption="Published figures beside our best ranker",
        columns=(
            *(Column(label) for label in ("Published", "Protocol", "Metric")),
            *(Column(label, True) for label in ("Its figure", "Its users", "Our figure")),
            *(Column(label) for label in ("Our best", "The published figure lies", "Note")),
        ),
        rows=tuple(rows),
        note="Inside: within the 95 % interval over users of our figure.",
        nothing="There are no published figures.",
    )


def _beside(one: Ranked, key: Key, asked: Asked | None) -> tuple[Cell, ...]:
    value, users = one.figure(key).value, one.users(key)
    best = None if asked is None else asked.best
    figure = None if best is None else best.figure(key)
    where = "the protocol was not run" if asked is None else "the metric was not computed"
    if figure is not None and not is_missing(figure.low):
        where = (
            "inside our interval"
            if figure.low <= value <= figure.high
            else ("above our interval" if value > figure.high else "below our interval")
        )
    ours = Cell(score(None)) if figure is None else figure.cell
    return (
        Cell(score(value)), Cell(whole(users)), ours, Cell("" if best is None else best.name), Cell(where), Cell(one.note)
    )  # fmt: skip


def _names(one: Ranked, keys: Sequence[Key]) -> list[Cell]:
    """A ranker's name and figures."""
    return [Cell(one.name), *(_cell(one, key) for key in keys)]


def _cell(one: Ranked, key: Key) -> Cell:
    figure = one.figure(key)
    return Cell(whole(figure.value)) if key[0] in _COUNTS else figure.cell


def _told(one: Ranked, key: Key) -> tuple[Cell, Cell]:
    users = max((one.users(own) for own in one.rows), default=0)
    return Cell(whole(users)), Cell(one.note)
