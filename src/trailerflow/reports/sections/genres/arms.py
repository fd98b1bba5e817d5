"""One system that reads in two ways: with the title and without it, with extra texts and without them."""

from __future__ import annotations

from trailerflow.reports.sections.genres.pairs import PAIRED, Pairs, probability
from trailerflow.reports.sections.genres.scored import TITLED, Part, Scored
from trailerflow.reports.view import Cell, Column, Row, Table

UNTITLED = (", masked", ", untitled")
"""How the name of an arm ends that is not told the film's title."""


def titled_against_masked(parts: list[Part], pairs: Pairs) -> Table:
    """What the title adds for each system that reads with it and without it."""
    rows = []
    for part in parts:
        for titled, masked in _twins(part):
            for metric in PAIRED:
                pair = pairs.between(part.name, metric, titled, masked)
                if pair is not None:
                    figures = [one.figure(*metric[:2]).cell.text for one in (titled, masked)]
                    names = (titled.system, masked.arm.rpartition(", ")[0], part.name, metric[2])
                    cells = (*names, *figures)
                    rows.append(
                        Row(
                            (
                                *map(Cell, cells),
                                pair.cell,
                                Cell(probability(pair.p_value)),
                                Cell(pair.verdict),
                            )
                        )
                    )
    return Table(
        caption="With the title and without it",
        columns=(
            *(Column(name) for name in ("System", "Reads", "Part", "Metric")),
            *(Column(name, True) for name in ("Titled", "Masked", "Titled less masked")),
            Column("p"),
            Column("Titled is"),
        ),
        rows=tuple(rows),
        note=(
            "What a system gains by the title is not read from the trailer: a language model may know the film by it, and "
            "a title has words of its own. Masked texts have their film's own title taken out."
        ),
        nothing="No system was run both with the title and without it.",
    )


def _twins(part: Part) -> list[tuple[Scored, Scored]]:
    """Systems of a part that stand there with a title and without."""
    by_key = {one.key: one for one in part.systems}
    found = []
    for one in part.systems:
        if one.titled:
            text = one.arm.removesuffix(TITLED)
            others = (by_key.get((one.system, text + end)) for end in UNTITLED)
            found += [(one, other) for other in others if other is not None]
    return found
