"""Which ranker ranks on which split, and which others it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.configured import (
    ConfiguredRanker,
    ConfiguredSplit,
    configured_rankers,
    configured_splits,
)
from trailerflow.registers import chosen_class, place_of_class

REGISTER = "trailerflow.recommendations.register"


@dataclass(frozen=True)
class Rankings:
    """The splits and rankers of a run.

    Attributes:
        splits: By name.
        rankers: By name, the language models among them.
    """

    splits: Mapping[str, ConfiguredSplit]
    rankers: Mapping[str, ConfiguredRanker]

    @cached_property
    def split_classes(self) -> dict[str, Any]:
        """The class of each split."""
        return {name: chosen_class(f"{REGISTER}:SPLITS", each.kind) for name, each in self.splits.items()}

    @cached_property
    def ranker_classes(self) -> dict[str, Any]:
        """The class of each ranker."""
        return {
            name: chosen_class(f"{REGISTER}:ALL_RANKERS", each.kind) for name, each in self.rankers.items()
        }

    def place_of_split(self, name: str) -> str:
        """Module of a split's class."""
        return place_of_class(f"{REGISTER}:SPLITS", self.splits[name].kind).partition(":")[0]

    def reads(self, ranker: str) -> tuple[str, ...]:
        """Names of the rankers that a ranker reads."""
        names: tuple[str, ...] = self.ranker_classes[ranker].reads(self.rankers[ranker].settings)
        return names

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Each split with each ranker that ranks on it; a costly one ranks where the films have texts."""
        return [
            (split, ranker)
            for split, split_class in self.split_classes.items()
            for ranker, each in self.rankers.items()
            if (each.splits is None or split in each.splits)
            and (split_class.of_run or not self.ranker_classes[ranker].drawn_users_only)
        ]

    def rankers_of(self, split: str) -> list[str]:
        """The rankers that rank on a split."""
        return [ranker for other, ranker in self.pairs if other == split]

    def read_in_pool(self, split: str) -> list[str]:
        """The rankers of a split that another one reads by their scores of all that they retrieved, in their order."""
        read = {
            name
            for ranker in self.rankers_of(split)
            if self.ranker_classes[ranker].second_pass
            for name in self.reads(ranker)
        }
        return [ranker for ranker in self.rankers_of(split) if ranker in read]

    def scores_read(self, split: str, ranker: str) -> list[str]:
        """Places below results/ of the scores that a ranker reads on a split."""
        folder = "rank_pool" if self.ranker_classes[ranker].second_pass else "rank_films"
        return [f"{folder}/{split}/{name}.parquet" for name in self.reads(ranker)]


def planned_rankings(
    recommendations: Mapping[str, Any],
    prompts: Mapping[str, str],
    find: Any = Path,
    *,
    has_ratings: bool = True,
) -> Rankings:
    """Read the section ``recommendations``, and check what its form does not tell.

    Args:
        recommendations: The section, valid by its schema.
        prompts: By language model the kind of its ranker.
        find: Finds a file that the configuration names.
        has_ratings: Whether there is an archive. Without one the splits of this run's films alone are made, and empty.

    Raises:
        TrailerflowError: A kind is not known, a setting is wrong, a name stands twice, a ranker names a split that is not
            there, or it reads a ranker that does not rank on its splits or reads others itself.
    """
    for key in ("splits", "rankers"):
        _check_names(key, [each if isinstance(each, str) else each["name"] for each in recommendations[key]])
    asked = {name: ConfiguredRanker(name, kind) for name, kind in prompts.items()}
    rankings = Rankings(
        configured_splits(recommendations, find), configured_rankers(recommendations, find) | asked
    )
    _check_settings("splits", rankings.splits, lambda: rankings.split_classes)
    _check_settings("rankers", rankings.rankers, lambda: rankings.ranker_classes)
    _check_files("splits", rankings.splits)
    _check_files("rankers", rankings.rankers)
    for ranker, each in rankings.rankers.items():
        for split in each.splits or ():
            if split not in rankings.splits:
                raise TrailerflowError(
                    f"config: recommendations.rankers: {ranker} ranks on {split}, which is none of "
                    f"recommendations.splits: {', '.join(rankings.splits)}; correct it."
                )
    for split, ranker in rankings.pairs:
        _check_reads(rankings, split, ranker)
    if has_ratings:
        return rankings
    of_run = {name: each for name, each in rankings.splits.items() if rankings.split_classes[name].of_run}
    return replace(rankings, splits=of_run) if of_run else rankings


def _check_names(key: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise TrailerflowError(
                f"config: recommendations.{key} names {name} twice; give one of them another name."
            )


def _check_settings(key: str, entries: Mapping[str, Any], classes: Any) -> None:
    try:
        for name, kind in classes().items():
            kind.checked(entries[name].settings)
    except TrailerflowError as error:
        raise TrailerflowError(f"config: recommendations.{key}: {error}") from None


def _check_files(key: str, entries: Mapping[str, ConfiguredSplit | ConfiguredRanker]) -> None:
    for name, entry in entries.items():
        for path in entry.files:
            if not Path(path).is_file():
                raise TrailerflowError(
                    f"config: recommendations.{key}: file of {name} is {path}, and there is no such file; correct it."
                )


def _check_reads(rankings: Rankings, split: str, ranker: str) -> None:
    for other in rankings.reads(ranker):
        if other not in rankings.rankers_of(split):
            raise TrailerflowError(
                f"config: recommendations.rankers: {ranker} reads {other}, which does not rank on {split}; add {other} "
                f"there, or take {split} out of the splits of {ranker}."
            )
        if rankings.reads(other):
            raise TrailerflowError(
                f"config: recommendations.rankers: {ranker} reads {other}, which reads others itself; take it out."
            )
