"""One system in two ways: with the title and without it, with more extra texts and with fewer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from trailerflow.reports.figures import probability
from trailerflow.reports.sections.genres.pairs import PAIRED, Pairs
from trailerflow.reports.sections.genres.scored import TITLED, Part, Scored
from trailerflow.reports.view import Cell, Column, Row, Table

Systems = Sequence[Mapping[str, Any]]

UNTITLED = (", masked", ", untitled")
"""How the name of an arm ends that is not told the film's title."""


def titled_against_masked(parts: Sequence[Part], pairs: Pairs, systems: Systems) -> Table:
    """What the title adds: a system that reads with it and without it, or two that differ in it alone.

    Args:
        parts: The scores.
        pairs: The comparisons.
        systems: The entries of ``genres.systems``.
    """
    named = _twins(systems, "title", lambda entry: float(entry.get("title", False)))
    return Table(
        caption="With the title and without it",
        columns=_columns("Titled", "Masked"),
        rows=tuple(
            row
            for part in parts
            for titled, masked in _titled_and_masked(part, named)
            for row in _rows(part, pairs, titled, masked, masked.arm.rpartition(", ")[0])
        ),
        note=(
            "What a system gains by the title is not read from the trailer: a language model may know the film by it, and "
            "a title has words of its own. Masked texts have their film's own title taken out."
        ),
        nothing="No system was run both with the title and without it.",
    )


def with_extra_texts(parts: Sequence[Part], pairs: Pairs, systems: Systems) -> Table:
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
            for more, fewer in _twins(systems, "extra", _extra)
            for one, other in _by_name(part, more, fewer)
            if one.arm == other.arm
            for row in _rows(part, pairs, one, other, one.arm)
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


def _rows(part: Part, pairs: Pairs, one: Scored, other: Scored, reads: str) -> Iterable[Row]:
    """One against the other in every metric."""
    name = one.system if one.system == other.system else f"{one.system} and {other.system}"
    for metric in PAIRED:
        pair = pairs.between(part.name, metric, one, other)
        if pair is not None:
            figures = [each.figure(*metric[:2]).cell.text for each in (one, other)]
            cells = map(Cell, (name, reads, part.name, metric[2], *figures))
            yield Row((*cells, pair.cell, Cell(probability(pair.p_value)), Cell(pair.verdict)))


def _titled_and_masked(part: Part, named: Sequence[tuple[str, str]]) -> list[tuple[Scored, Scored]]:
    """Systems of a part that read with the title, each beside the same without it; ``named`` are such systems by name."""
    pairs = [(one.system, one.system) for one in part.systems if one.titled]
    return [
        (titled, masked)
        for names in dict.fromkeys([*pairs, *named])
        for titled, masked in _by_name(part, *names)
        if masked.arm in [titled.arm.removesuffix(TITLED) + end for end in UNTITLED]
    ]


def _by_name(part: Part, name: str, other: str) -> list[tuple[Scored, Scored]]:
    """What stands in a part under one name, beside what stands there under another."""
    return [
        (one, second)
        for one in part.systems
        for second in part.systems
        if (one.system, second.system) == (name, other)
    ]


def _twins(systems: Systems, key: str, amount: Callable[[Mapping[str, Any]], float]) -> list[tuple[str, str]]:
    """Names of systems of the configuration that differ in one setting alone, the one with more of it first."""
    found = []
    for one, other in combinations(systems, 2):
        same = _without(one, key) == _without(other, key)
        if same and amount(one) != amount(other):
            more, fewer = (one, other) if amount(one) > amount(other) else (other, one)
            found.append((str(more["name"]), str(fewer["name"])))
    return found


def _without(system: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A system's entry without its name and one setting."""
    return {name: value for name, value in system.items() if name not in ("name", key)}


def _extra(system: Mapping[str, Any]) -> float:
    """How many extra texts a system learns from at most."""
    said = system.get("extra", True)
    return math.inf if said is True else float(said)
