"""The drawings of the section: systems against chance, average precision by genre, and calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailerflow.genre_names import GENRES
from trailerflow.reports import plots
from trailerflow.reports.plots import (
    SERIES,
    Mark,
    Panel,
    Series,
    calibration_curves,
    genre_scores,
)
from trailerflow.reports.sections.genres.headline import FIGURES
from trailerflow.reports.sections.genres.scored import Part, Scored
from trailerflow.reports.values import counted, is_missing, number, score, text
from trailerflow.reports.view import Plot

if TYPE_CHECKING:
    import pandas as pd

_DRAWN = (FIGURES[0], FIGURES[3])
"""µAP and micro F1."""


def against_chance(part: Part) -> tuple[Plot, ...]:
    """All systems of a part in µAP and micro F1, each with the line of chance."""
    panels = []
    for metric, label, heading in _DRAWN:
        chance = float("nan") if part.chance is None else part.chance.figure(metric, label).value
        if is_missing(chance):
            continue
        marks = tuple(_mark(part.short_name(one), one, metric, label) for one in part.systems)
        panels.append(Panel(heading, marks, chance))
    return plots.against_chance(
        panels, title="Genres against chance", identifier=f"genres-{part.name}", caption=part.title
    )


def by_genre(part: Part) -> tuple[Plot, ...]:
    """The average precision of the best systems of a part by genre, beside the constant."""
    metric = "average_precision"
    drawn = [*part.systems[: len(SERIES) - 1], *([part.constant] if part.constant else [])]
    labels = [genre for genre in GENRES if not is_missing(part.best.figure(metric, genre).value)]
    if not labels:
        return ()
    series = [
        Series(
            part.short_name(one),
            tuple(_mark(genre, one, metric, genre) for genre in labels if genre in one.rows),
        )
        for one in drawn
    ]
    said = "; ".join(
        f"{one.name}: " + ", ".join(f"{mark.label} {score(mark.value)}" for mark in one.marks)
        for one in series
    )
    svg = genre_scores(
        series, labels, metric="Average precision", identifier=f"genre-scores-{part.name}",
        description=f"Dot plot of average precision. {said}.",
    )  # fmt: skip
    left_out = len(GENRES) - len(labels)
    without = f" {counted(left_out, 'genre')} with too few films for a score left out." if left_out else ""
    return (
        Plot(
            svg,
            f"Average precision by genre ({part.title}): the best systems and the constant, whose average precision is the "
            f"share of films that have the genre; 95 % intervals, higher is better.{without}",
        ),
    )


def calibration(part: Part, table: pd.DataFrame) -> tuple[Plot, ...]:
    """The calibration curves of the best systems of a part that give probabilities."""
    own = table[table["part"].map(text) == part.name]
    curves = {}
    for one in part.systems:
        system, arm = one.key
        rows = own[(own["system"].map(text) == system) & (own["arm"].map(text) == arm)]
        seeds = rows["seed"].map(text)
        rows = rows[seeds == seeds.iloc[0]] if len(rows) else rows
        if len(rows):
            curves[part.short_name(one)] = [
                (number(row["probability"]), number(row["share"])) for row in rows.to_dict("records")
            ]
    shown = dict(list(curves.items())[: len(SERIES)])
    if not shown:
        return ()
    said = "; ".join(
        f"{name}: " + ", ".join(f"at {score(said)} {score(share)}" for said, share in points)
        for name, points in shown.items()
    )
    svg = calibration_curves(
        shown, identifier=f"genre-calibration-{part.name}", description=f"Calibration curves. {said}."
    )
    caption = (
        f"Calibration ({part.title}): of the decisions with nearly the same probability, the share that is right. On the "
        "dashed line a probability can be taken at its word."
    )
    return (Plot(svg, caption),)


def _mark(name: str, one: Scored, metric: str, label: str) -> Mark:
    figure = one.figure(metric, label)
    return Mark(name, figure.value, figure.low, figure.high)
