"""The recommendations: who ranks films best for users, beside chance, the oracle and what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from trailerflow.register import RANK_FILMS
from trailerflow.reports.rows import of_kind
from trailerflow.reports.section import Section, table
from trailerflow.reports.sections.recommendations import breakdowns, diagnosis, drawings, headline, pairs
from trailerflow.reports.sections.recommendations.scored import (
    ALL,
    Asked,
    Ranked,
    asked_of,
    leading,
    published_of,
)
from trailerflow.reports.values import counted, whole
from trailerflow.reports.view import Fact, Plot, Table
from trailerflow.row_kinds import PUBLISHED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Recommendations(Section):
    """Scores of every ranker by protocol, which is better, for whom, what parts add, and published figures beside ours."""

    identifier = "recommendations"
    title = "Recommendations"
    abouts = ("split_ratings/{split}/about.json", "rank_films/{split}/{ranker}.about.json")

    unranked: pd.DataFrame = table(
        "score_rankings/unranked.csv", "split", "ranker", "asked", "unranked", "later"
    )
    metrics: pd.DataFrame = table(
        "score_rankings/metrics.csv",
        "ranker", "row_kind", "split", "protocol", "ties", "users_set", "metric", "k", "value", "low", "high",
        "difference", "difference_low", "difference_high", "users", "folds", "seeds", "note",
    )  # fmt: skip
    comparisons: pd.DataFrame = table(
        "score_rankings/comparisons.csv",
        "split", "protocol", "ties", "users_set", "metric", "k", "ranker", "other", "difference", "difference_low",
        "difference_high", "effect_size", "p_corrected", "smallest", "verdict",
    )  # fmt: skip
    breakdowns: pd.DataFrame = table(
        "score_rankings/breakdowns.csv",
        "split", "protocol", "ties", "by", "group", "ranker", "row_kind", "metric", "k", "value", "low", "high", "users",
    )  # fmt: skip
    later_ratings: pd.DataFrame = table(
        "score_rankings/later_ratings.csv",
        "split", "protocol", "ties", "users_set", "metric", "k", "ranker", "row_kind", "value", "past_value",
        "difference", "difference_low", "difference_high", "p_corrected", "users",
    )  # fmt: skip

    diagnosis: pd.DataFrame = table(
        "diagnose_rankers/diagnosis.csv",
        "ranker", "split", "protocol", "users", "orders", "ndcg", "smallest", "spread", "user_spread", "first_less_last",
        "first_less_last_low", "first_less_last_high", "echo", "echo_low", "echo_high", "popularity", "popularity_low",
        "popularity_high", "candidate_recall", "distinct_films", "unreadable_before", "unreadable_after", "memory_year",
        "memory_genres", "prompt_tokens", "completion_tokens", "seconds", "usd",
    )  # fmt: skip
    by_place: pd.DataFrame = table(
        "diagnose_rankers/by_place.csv", "ranker", "split", "protocol", "place", "films", "put", "low", "high"
    )

    def findings(self) -> list[str]:
        """The best ranker of each protocol, each language model, and what these add to fusions."""
        best = [headline.finding(asked, self._pairs) for asked in leading(self._asked) if asked.rankers]
        models = [
            headline.of_language_model(asked, one)
            for asked in self._asked
            for one in asked.rankers
            if one.name in self._language_models
        ]
        added = pairs.added_by_models(self._asked, self._pairs, self._reads, self._language_models)
        return [*best, *models, *added]

    def facts(self) -> tuple[Fact, ...]:
        """Users that a language model was asked about."""
        asked = self.unranked.loc[self.unranked["ranker"].isin(self._language_models), "asked"]
        return (Fact(whole(0 if asked.empty else asked.max()), "users ranked for by an LLM"),)

    def warnings(self) -> tuple[str, ...]:
        """For how many users rankers wait for an answer."""
        return tuple(
            f"{row['ranker']} could not rank for {counted(round(row['later']), 'user')} of {row['split']} yet (later): the "
            "next run asks again."
            for row in self.unranked.to_dict("records")
            if row["later"] > 0
        )

    def paragraphs(self) -> tuple[str, ...]:
        """What was asked, what the figures are, and which users are missing."""
        return (
            "Ratings of each user were held out. A ranker puts these films into an order, which is judged by what the user "
            "gave, or it seeks them among other films, where the first ten places count. The first says whether a ranker "
            "knows what a user likes, the second whether it knows what a user watches next; a ranker may do one well and "
            "the other badly.",
            "The chance row is what a random order gets on average, the oracle row what the user's own ratings get; ties "
            "are taken as the mean over their orders. A ranker whose difference to chance has an interval with 0 in it "
            "cannot be told from chance. Brackets hold 95 % bootstrap intervals over the users. Ratings of one second are "
            "put into an order by recorded seeds; rows by the film's id are there to be compared with what was published "
            "so.",
            *_unranked(self.unranked),
        )

    def plots(self) -> tuple[Plot, ...]:
        """Each set of users against chance, and how high films are put by the place where they are shown."""
        drawn = [asked for asked in self._asked if not asked.place.apart]
        against_chance = (plot for asked in drawn for plot in drawings.against_chance(asked))
        return (*against_chance, *diagnosis.place_plots(self.by_place))

    def tables(self) -> tuple[Table, ...]:
        """Place by place the scores, the pairs, what is shown and for whom; then what concerns several places."""
        if not self._asked and not self._published:
            return (
                Table(caption="Ranking quality", columns=(), rows=(), nothing="No ranker could be scored."),
            )
        own = [each for asked in self._asked for each in self._of_place(asked)]
        return (
            *own,
            diagnosis.biases(self.diagnosis),
            diagnosis.answers(self.diagnosis),
            pairs.parts_of_fusions(self._asked, self._pairs),
            breakdowns.later_ratings(self.later_ratings),
            headline.beside_published(self._asked, self._published),
        )

    def _of_place(self, asked: Asked) -> list[Table]:
        """The tables of a place without the empty ones; an arm that stands apart has the first two, folded."""
        apart = asked.place.apart
        found = [
            headline.headline(asked, self._published.get(asked.place.protocol, []), folded=apart),
            pairs.against_the_best(asked, self._pairs, folded=apart),
        ]
        if not apart:
            if asked.place.users_set == ALL:
                found += [
                    breakdowns.by_gap(asked, self.breakdowns),
                    breakdowns.by_groups(asked, self.breakdowns),
                ]
            found += [headline.shown_films(asked), headline.at_other_cuts(asked)]
        return [each for each in found if each.rows]

    @cached_property
    def _asked(self) -> list[Asked]:
        return asked_of(self.metrics)

    @cached_property
    def _pairs(self) -> pairs.Pairs:
        return pairs.Pairs(self.comparisons)

    @cached_property
    def _published(self) -> dict[str, list[Ranked]]:
        return published_of(of_kind(self.metrics, PUBLISHED))

    @cached_property
    def _language_models(self) -> set[str]:
        """Names of the rankers that are language models."""
        return {
            str(about["of"][-1])
            for about in self.run.abouts
            if about["rule"] == RANK_FILMS.name and about["models"]
        }

    @cached_property
    def _reads(self) -> dict[str, list[str]]:
        """What each fusion reads, as far as the configuration says it itself."""
        entries = self.run.config.get("recommendations", {}).get("rankers", [])
        settings = {entry["name"]: entry.get("settings") for entry in entries if isinstance(entry, Mapping)}
        return {
            name: list(own["reads"])
            for name, own in settings.items()
            if isinstance(own, Mapping) and own.get("reads")
        }


def _unranked(table: pd.DataFrame) -> list[str]:
    """For how many users a ranker has no whole answer."""
    return [
        f"{row['ranker']} did not rank for {counted(round(row['unranked']), 'user')} of {whole(row['asked'])} "
        f"({row['split']})."
        for row in table.to_dict("records")
        if row["unranked"] > 0
    ]
