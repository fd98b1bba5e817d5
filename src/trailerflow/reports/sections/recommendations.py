"""The recommendations: how well each ranker orders a user's films, beside chance and the oracle."""

from __future__ import annotations

import pandas as pd

from trailerflow.reports.inputs import Inputs
from trailerflow.reports.plots import Mark, Panel, ranking_panels
from trailerflow.reports.sections.metrics import estimate_cell, groups, in_order
from trailerflow.reports.values import counted, is_missing, score, text, whole
from trailerflow.reports.view import Cell, Column, Plot, Row, Section, Table
from trailerflow.row_kinds import CHANCE, PUBLISHED, REFERENCE

METRICS: dict[str, str] = {"map": "MAP", "mrr": "MRR", "ndcg": "NDCG", "pair_accuracy": "Pair accuracy"}
SETS: dict[str, str] = {"llm": "the users drawn for the LLM", "all": "all test users"}


def recommendations_section(inputs: Inputs) -> Section:
    """A table for each set of users, and a plot at the largest cut-off for each that has a chance row."""
    metrics = in_order(inputs.ranking_metrics)
    sets = groups(metrics, ("users_set",))
    tables = tuple(_table(users_set, group) for (users_set,), group in sets)
    return Section(
        identifier="recommendations",
        title="Recommendations",
        paragraphs=(
            "Each ranker puts the last films that a user rated into an order. The chance row is what a "
            "random order gets on average, the oracle row what the user's own ratings get; ties are taken "
            "as the mean over their orders. A ranker whose difference to chance has an interval with 0 in "
            "it cannot be told from chance. Brackets hold 95 % bootstrap intervals over the users.",
            *_unranked(inputs),
        ),
        plots=tuple(plot for (users_set,), group in sets for plot in _plot(users_set, group)),
        tables=tables or (_table("all", metrics),),
    )


def _measures(metrics: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Metric, k as text and heading of each column, in the order of `METRICS`."""
    found = {key for key, _ in groups(metrics, ("metric", "k"))}
    measures = sorted(found, key=lambda one: ([*METRICS, one[0]].index(one[0]), float(one[1] or 0)))
    return [(metric, k, _heading(metric, k)) for metric, k in measures]


def _heading(metric: str, k: str) -> str:
    name = METRICS.get(metric, metric)
    return name if metric == "pair_accuracy" or not k else f"{name}@{int(float(k))}"


def _select(metrics: pd.DataFrame, metric: str, k: str) -> pd.DataFrame:
    return metrics[(metrics["metric"] == metric) & (metrics["k"].map(text) == k)]


def _table(users_set: str, metrics: pd.DataFrame) -> Table:
    measures = _measures(metrics)
    rows = []
    for (ranker, kind), group in groups(metrics, ("ranker", "row_kind")):
        figures = (estimate_cell(_select(group, metric, k)) for metric, k, _ in measures)
        notes = "; ".join(dict.fromkeys(filter(None, group["note"].map(text))))
        cells = (Cell(ranker), *figures, *_differences(group, measures))
        rows.append(Row((*cells, Cell(whole(group["users"].max())), Cell(notes)), kind))
    return Table(
        caption=f"Ranking quality for {SETS.get(users_set, users_set)}",
        columns=(
            Column("Ranker"),
            *(Column(heading, True) for _, _, heading in measures),
            *(Column(f"{heading} less chance", True) for _, _, heading in _compared(measures)),
            Column("Users", True),
            Column("Note"),
        ),
        rows=tuple(rows),
        nothing="No ranker could be scored.",
    )


def _compared(measures: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The measure whose difference to chance is shown: NDCG at the largest cut-off."""
    return [measure for measure in measures if measure[0] == "ndcg"][-1:]


def _differences(metrics: pd.DataFrame, measures: list[tuple[str, str, str]]) -> list[Cell]:
    """Difference to chance of one ranker, with its own interval."""
    columns = ("difference", "difference_low", "difference_high")
    return [estimate_cell(_select(metrics, metric, k), *columns) for metric, k, _ in _compared(measures)]


def _plot(users_set: str, metrics: pd.DataFrame) -> tuple[Plot, ...]:
    is_chance = (metrics["ranker"] == CHANCE) & (metrics["row_kind"] == REFERENCE)
    drawn = metrics[(metrics["row_kind"] != PUBLISHED) & ~is_chance]
    rankers = [ranker for (ranker,), _ in groups(drawn, ("ranker",))]
    panels = []
    largest = {metric: (metric, k, heading) for metric, k, heading in _measures(metrics)}
    for metric, k, heading in largest.values():
        chance = _select(metrics[is_chance], metric, k)
        if chance.empty or is_missing(chance["value"].iloc[0]) or not rankers:
            continue
        own = _select(drawn, metric, k).drop_duplicates("ranker").set_index("ranker").reindex(rankers)
        marks = tuple(
            Mark(ranker, float(value), float(low), float(high))
            for ranker, value, low, high in own[["value", "low", "high"]].astype(float).itertuples()
        )
        panels.append(Panel(heading, marks, float(chance["value"].iloc[0])))
    if not panels:
        return ()
    who = SETS.get(users_set, users_set)
    said = "; ".join(
        f"{panel.title}, chance {score(panel.chance)}: "
        + ", ".join(f"{mark.label} {score(mark.value)}" for mark in panel.marks)
        for panel in panels
    )
    return (
        Plot(
            svg=ranking_panels(panels, identifier=f"ranking-{users_set}", description=f"Dot plots. {said}."),
            caption=f"Ranking quality for {who}: dots with 95 % intervals; the dashed line is chance.",
        ),
    )


def _unranked(inputs: Inputs) -> list[str]:
    """How many users an LLM did not rank for, and why that matters."""
    rankings = inputs.llm_rankings
    missing = rankings[rankings["status"] != "ok"]
    return [
        f"{ranker} did not rank for {counted(group['user'].nunique(), 'user')} of "
        f"{rankings.loc[rankings['ranker'] == ranker, 'user'].nunique()}."
        for (ranker,), group in groups(missing, ("ranker",))
    ]
