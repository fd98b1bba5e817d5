"""The recommendations: how well each ranker orders a user's films, beside chance and the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.findings import compared
from trailerflow.reports.plots import Mark, Panel, ranking_panels
from trailerflow.reports.rows import estimate_cell, groups, in_order, of_kind
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import counted, estimate, is_missing, listed, score, text, whole
from trailerflow.reports.view import Cell, Column, Fact, Plot, Row, Table
from trailerflow.row_kinds import CHANCE, PUBLISHED, REFERENCE, SYSTEM

if TYPE_CHECKING:
    import pandas as pd

METRICS: dict[str, str] = {"map": "MAP", "mrr": "MRR", "ndcg": "NDCG", "pair_accuracy": "Pair accuracy"}
SETS: dict[str, str] = {"llm": "the users drawn for the LLM", "all": "all test users"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Recommendations(Section):
    """A table for each set of users, and a plot at the largest cut-off for each that has a chance row."""

    identifier = "recommendations"
    title = "Recommendations"
    abouts = ("split_ratings/about.json", "rank_baselines/about.json")

    rankings: pd.DataFrame = table("rank_llm/{model}.parquet", "ranker", "user", "status")
    metrics: pd.DataFrame = table(
        "score_rankings/metrics.csv",
        "ranker", "row_kind", "users_set", "metric", "k", "value", "low", "high",
        "difference", "difference_low", "difference_high", "users", "note",
    )  # fmt: skip

    def findings(self) -> list[str]:
        """NDCG of each language model beside chance, and which other rankers were better for the same users."""
        ndcg = self.metrics[self.metrics["metric"] == "ndcg"]
        if ndcg.empty:
            return []
        ndcg = ndcg[ndcg["k"] == ndcg["k"].max()]
        llms = set(self.rankings["ranker"])
        sentences = []
        for (ranker, users_set), group in groups(
            of_kind(ndcg[ndcg["ranker"].isin(llms)], SYSTEM), ("ranker", "users_set")
        ):
            row = group.iloc[0]
            same = ndcg[ndcg["users_set"].map(text) == users_set]
            low, high = row["difference_low"], row["difference_high"]
            sentences.append(
                f"{ranker}: NDCG@{int(row['k'])} {estimate(row['value'], row['low'], row['high'])} for "
                f"{SETS.get(users_set, users_set)}; less chance {estimate(row['difference'], low, high)}, so it "
                f"{compared(low, high, 0, 0)} chance.{_better(same, row)}"
            )
        return sentences

    def facts(self) -> tuple[Fact, ...]:
        """Users that a language model was asked about."""
        return (Fact(f"{self.rankings['user'].nunique():,}", "users ranked for by an LLM"),)

    def warnings(self) -> tuple[str, ...]:
        """How many users wait for an answer."""
        users = self.rankings.loc[self.rankings["status"] == "later", "user"].nunique()
        waiting = f"For {counted(users, 'user')} the LLM could not rank yet (later): the next run asks again."
        return (waiting,) if users else ()

    def paragraphs(self) -> tuple[str, ...]:
        """What the rows to compare with are, and which users are missing."""
        return (
            "Each ranker puts the last films that a user rated into an order. The chance row is what a "
            "random order gets on average, the oracle row what the user's own ratings get; ties are taken "
            "as the mean over their orders. A ranker whose difference to chance has an interval with 0 in "
            "it cannot be told from chance. Brackets hold 95 % bootstrap intervals over the users.",
            *_unranked(self.rankings),
        )

    def plots(self) -> tuple[Plot, ...]:
        """Each set of users against chance."""
        return tuple(plot for users_set, group in self._sets() for plot in _plot(users_set, group))

    def tables(self) -> tuple[Table, ...]:
        """Every ranker and metric, for each set of users."""
        tables = tuple(_table(users_set, group) for users_set, group in self._sets())
        return tables or (_table("all", self.metrics),)

    def _sets(self) -> list[tuple[str, pd.DataFrame]]:
        return [(users_set, group) for (users_set,), group in groups(in_order(self.metrics), ("users_set",))]


def _better(same: pd.DataFrame, row: pd.Series) -> str:
    """Which other rankers scored higher for the same users."""
    others = of_kind(same, SYSTEM)
    others = others[(others["ranker"] != row["ranker"]) & (others["value"] > row["value"])]
    named = [f"{name} {score(value)}" for name, value in zip(others["ranker"], others["value"], strict=True)]
    return f" Higher for the same users: {listed(named)}." if named else ""


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


def _unranked(rankings: pd.DataFrame) -> list[str]:
    """How many users an LLM did not rank for, and why that matters."""
    missing = rankings[rankings["status"] != "ok"]
    return [
        f"{ranker} did not rank for {counted(group['user'].nunique(), 'user')} of "
        f"{rankings.loc[rankings['ranker'] == ranker, 'user'].nunique()}."
        for (ranker,), group in groups(missing, ("ranker",))
    ]
