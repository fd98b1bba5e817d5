"""The recommendations: how well each ranker orders a user's films, beside chance and the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.register import RANK_FILMS
from trailerflow.reports.findings import compared
from trailerflow.reports.plots import Mark, Panel, chance_panels
from trailerflow.reports.rows import estimate_cell, groups, in_order, of_kind
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import counted, estimate, is_missing, listed, score, text, whole
from trailerflow.reports.view import Cell, Column, Fact, Plot, Row, Table
from trailerflow.row_kinds import CHANCE, PUBLISHED, REFERENCE, SYSTEM

if TYPE_CHECKING:
    import pandas as pd

METRICS: dict[str, str] = {
    "map": "MAP",
    "mrr": "MRR",
    "ndcg": "NDCG",
    "recall": "Recall",
    "pair_accuracy": "Pair accuracy",
}
SETS: dict[str, str] = {"llm": "the users drawn for the LLM", "all": "all test users"}


@dataclass(frozen=True)
class Place:
    """What a table of rankers is about."""

    split: str
    protocol: str
    ties: str
    users_set: str

    @property
    def users(self) -> str:
        """The users, in words."""
        return SETS.get(self.users_set, self.users_set)

    @property
    def question(self) -> str:
        """What was asked of the rankers."""
        return f"{self.split}, {self.protocol}" + (", ties by id" if self.ties == "by_id" else "")

    @property
    def title(self) -> str:
        """The whole, as a caption."""
        return f"Ranking quality for {self.users} ({self.question})"


@dataclass(frozen=True, kw_only=True, eq=False)
class Recommendations(Section):
    """A table for each protocol and set of users, and a plot at the largest cut-off for each that has a chance row."""

    identifier = "recommendations"
    title = "Recommendations"
    abouts = ("split_ratings/{split}/about.json",)

    rankings: pd.DataFrame = table("rank_films/{split}/{ranker}.parquet", "ranker", "user", "status")
    metrics: pd.DataFrame = table(
        "score_rankings/metrics.csv",
        "ranker", "row_kind", "split", "protocol", "ties", "users_set", "metric", "k", "value", "low", "high",
        "difference", "difference_low", "difference_high", "users", "note",
    )  # fmt: skip

    def findings(self) -> list[str]:
        """NDCG of each language model beside chance, and which other rankers were better for the same users."""
        sentences = []
        for place, group in self._places():
            ndcg = group[group["metric"] == "ndcg"]
            same = ndcg[ndcg["k"] == ndcg["k"].max()]
            for _, row in of_kind(same[same["ranker"].isin(self._llms())], SYSTEM).iterrows():
                low, high = row["difference_low"], row["difference_high"]
                sentences.append(
                    f"{row['ranker']}: NDCG@{int(row['k'])} {estimate(row['value'], row['low'], row['high'])} for "
                    f"{place.users} ({place.question}); less chance {estimate(row['difference'], low, high)}, so it "
                    f"{compared(low, high, 0, 0)} chance.{_better(same, row)}"
                )
        return sentences

    def facts(self) -> tuple[Fact, ...]:
        """Users that a language model was asked about."""
        asked = self.rankings[self.rankings["ranker"].isin(self._llms())]
        return (Fact(f"{asked['user'].nunique():,}", "users ranked for by an LLM"),)

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
        return tuple(plot for place, group in self._places() for plot in _plot(place, group))

    def tables(self) -> tuple[Table, ...]:
        """Every ranker and metric, for each split, protocol and set of users; published figures beside those of the LLM."""
        published = of_kind(self.metrics, PUBLISHED)
        tables = tuple(
            _table(place.title, group, published[published["users_set"] == place.users_set])
            for place, group in self._places()
        )
        return tables or (_table("Ranking quality", published),)

    def _places(self) -> list[tuple[Place, pd.DataFrame]]:
        own = in_order(self.metrics[self.metrics["row_kind"] != PUBLISHED])
        keys = ("split", "protocol", "ties", "users_set")
        return [(Place(*key), group) for key, group in groups(own, keys)]

    def _llms(self) -> set[str]:
        """Names of the rankers that are language models."""
        return {
            str(model["name"])
            for about in self.run.abouts
            if about["rule"] == RANK_FILMS.name
            for model in about["models"]
        }


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


def _table(caption: str, metrics: pd.DataFrame, beside: pd.DataFrame | None = None) -> Table:
    """Figures as a table, with those of others below them where they have the same metrics."""
    measures = _measures(metrics)
    own = groups(metrics, ("ranker", "row_kind"))
    others = [] if beside is None else groups(beside, ("ranker", "row_kind"))
    rows = []
    for (ranker, kind), group in [*own, *others]:
        figures = (estimate_cell(_select(group, metric, k)) for metric, k, _ in measures)
        notes = "; ".join(dict.fromkeys(filter(None, group["note"].map(text))))
        cells = (Cell(ranker), *figures, *_differences(group, measures))
        rows.append(Row((*cells, Cell(whole(group["users"].max())), Cell(notes)), kind))
    return Table(
        caption=caption,
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


def _plot(place: Place, metrics: pd.DataFrame) -> tuple[Plot, ...]:
    is_chance = (metrics["ranker"] == CHANCE) & (metrics["row_kind"] == REFERENCE)
    drawn = metrics[~is_chance]
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
    said = "; ".join(
        f"{panel.title}, chance {score(panel.chance)}: "
        + ", ".join(f"{mark.label} {score(mark.value)}" for mark in panel.marks)
        for panel in panels
    )
    identifier = f"ranking-{place.split}-{place.protocol}-{place.ties}-{place.users_set}"
    return (
        Plot(
            svg=chance_panels(
                panels,
                title="Ranking against chance",
                identifier=identifier,
                description=f"Dot plots. {said}.",
            ),
            caption=f"{place.title}: dots with 95 % intervals; the dashed line is chance.",
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
