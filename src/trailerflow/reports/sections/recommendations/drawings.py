"""The drawings of the section: all rankers of a place beside the line of chance."""

from __future__ import annotations

from trailerflow.reports import plots
from trailerflow.reports.plots import Mark, Panel
from trailerflow.reports.sections.recommendations.scored import Asked, heading
from trailerflow.reports.values import is_missing
from trailerflow.reports.view import Plot


def against_chance(asked: Asked) -> tuple[Plot, ...]:
    """A panel for each metric in which rankers are compared."""
    drawn = (*asked.rankers, *((asked.oracle,) if asked.oracle else ()))
    panels = []
    for key in asked.compared:
        chance = float("nan") if asked.chance is None else asked.chance.figure(key).value
        if asked.rankers and not is_missing(chance):
            figures = [(one.name, one.figure(key)) for one in drawn]
            marks = tuple(Mark(name, each.value, each.low, each.high) for name, each in figures)
            panels.append(Panel(heading(key), marks, chance))
    return plots.against_chance(
        panels,
        title="Ranking against chance",
        identifier=f"ranking-{asked.place.name}",
        caption=f"Rankings {asked.title}",
    )
