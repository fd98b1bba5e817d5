"""The drawings of the section: all rankers of a place beside the line of chance."""

from __future__ import annotations

from trailerflow.reports.plots import Mark, Panel, chance_panels
from trailerflow.reports.sections.recommendations.scored import Asked, heading
from trailerflow.reports.values import is_missing, score
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
    if not panels:
        return ()
    said = "; ".join(
        f"{panel.title}, chance {score(panel.chance)}: "
        + ", ".join(f"{mark.label} {score(mark.value)}" for mark in panel.marks)
        for panel in panels
    )
    svg = chance_panels(
        panels,
        title="Ranking against chance",
        identifier=f"ranking-{asked.place.name}",
        description=f"Dot plots. {said}.",
    )
    return (Plot(svg, f"Rankings {asked.title}: dots with 95 % intervals; the dashed line is chance."),)
