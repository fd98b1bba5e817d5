"""One system in two ways: with the title and without it, with more extra texts and with fewer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from trailerflow.reports.sections.genres.pairs import PAIRED, Pairs, probability
from trailerflow.reports.sections.genres.scored import TITLED, Part, Scored
from trailerflow.reports.view import Cell, Column, Row, Table

UNTITLED = (", masked", ", untitled")
"""How the name of an arm ends that is not told the film's title."""


def titled_against_masked(parts: Sequence[Part], pairs: Pairs) -> Table:
    """What the title adds for each system that reads with it and without it."""
    return Table(
        caption="With the title and without it",
        columns=_columns("Titled", "Masked"),
        rows=tuple(
            row
            for part in parts
            for titled, masked in _titled_and_masked(part)
            for row in _rows(part, pairs, titled, masked, (titled.system, masked.arm.rpartition(", ")[0]))
        ),
        note=(
            "What a system gains by the title is not read from the trailer: a language model may know the film by it, and "
            "a title has words of its own. Masked texts have their film's own title taken out."
        ),
        nothing="No system was run both with the title and without it.",
    )


def with_extra_texts(parts: Sequence[Part], pairs: Pairs, systems: Sequence[Mapping[str, Any]]) -> Table:
    """What extra texts add: systems that differ in them alone.

    Args:
        parts: The scores.
        pairs: The comparisons.
        systems: The entries of ``genres.systems``.
    """
    return Table(
        caption="What the extra texts add",
        columns=_columns("With more", "With fewer"),
        rows=tuple(
            row
            for part in parts
            for more, fewer in _more_and_fewer(systems)
            for one, other in _of_one_arm(part, more, fewer)
            for row in _rows(part, pairs, one, other, (f"{more} and {fewer}", one.arm))
        ),
        note="Two systems of the configuration that differ in how many extra texts they learn from, and in nothing else.",
        nothing=(
            "No two systems differ in their extra texts alone. To see what these add, name a system of genres.systems a "
            "second time, with extra: false, and hold films of your own in folds."
        ),
    )


def _columns(first: str, second: str) -> tuple[Column, ...]:
    return (
        *(Column(name) for name in ("System", "Reads", "Part", "Metric")),
        *(Column(name, True) for name in (first, second, "Difference")),
        Column("p"),
        Column(f"{first} is"),
    )


def _rows(part: Part, pairs: Pairs, one: Scored, other: Scored, names: tuple[str, str]) -> Iterable[Row]:
    """One against the other in every metric."""
    for metric in PAIRED:
        pair = pairs.between(part.name, metric, one, other)
        if pair is not None:
            figures = [each.figure(*metric[:2]).cell.text for each in (one, other)]
            cells = map(Cell, (*names, part.name, metric[2], *figures))
            yield Row((*cells, pair.cell, Cell(probability(pair.p_value)), Cell(pair.verdict)))


def _titled_and_masked(part: Part) -> list[tuple[Scored, Scored]]:
    """Systems of a part that stand there with a title and without."""
    by_key = {one.key: one for one in part.systems}
    found = []
    for one in part.systems:
        if one.titled:
            text = one.arm.removesuffix(TITLED)
            others = (by_key.get((one.system, text + end)) for end in UNTITLED)
            found += [(one, other) for other in others if other is not None]
    return found


def _more_and_fewer(systems: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Names of systems that differ in their extra texts alone, the one with more of them first."""
    found = []
    for one, other in combinations(systems, 2):
        amounts = (_extra(one), _extra(other))
        if _without(one) == _without(other) and amounts[0] != amounts[1]:
            more, fewer = (one, other) if amounts[0] > amounts[1] else (other, one)
            found.append((str(more["name"]), str(fewer["name"])))
    return found


def _extra(system: Mapping[str, Any]) -> float:
    """How many extra texts a system learns from at most."""
    said = system.get("extra", True)
    return math.inf if said is True else float(said)


def _without(system: Mapping[str, Any]) -> dict[str, Any]:
    """A system's entry without its name and its extra texts."""
    return {key: value for key, value in system.items() if key not in ("name", "extra")}


def _of_one_arm(part: Part, name: str, other: str) -> list[tuple[Scored, Scored]]:
    """Two systems of a part by their names, where they read the same."""
    by_key = {one.key: one for one in part.systems}
    return [
        (one, by_key[other, one.arm])
        for one in part.systems
        if one.system == name and (other, one.arm) in by_key
    ]
