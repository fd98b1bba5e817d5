"""Which ranker ranks on which split, and which others it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.llm.model import LanguageModel
from trailerflow.recommendations.configured import (
    ConfiguredRanker,
    ConfiguredSplit,
    configured_rankers,
    configured_splits,
)
from trailerflow.recommendations.ranking_files import FIRST_PASS, SECOND_PASS
from trailerflow.registers import chosen_class, place_of_class

REGISTER = "trailerflow.recommendations.register"

LANGUAGE_MODELS = "language_models"
"""The key with the ways in which language models rank."""


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
            name: chosen_class(f"{REGISTER}:{'LLM_RANKERS' if each.model else 'RANKERS'}", each.kind)
            for name, each in self.rankers.items()
        }

    def place_of_split(self, name: str) -> str:
        """Module of a split's class."""
        return place_of_class(f"{REGISTER}:SPLITS", self.splits[name].kind).partition(":")[0]

    @cached_property
    def language_models(self) -> list[ConfiguredRanker]:
        """The rankers that are language models."""
        return [each for each in self.rankers.values() if each.model]

    def side_of(self, ranker: str) -> tuple[str, ...]:
        """Names of the tables beside the ratings that a ranker needs."""
        names: tuple[str, ...] = self.ranker_classes[ranker].side_of(self.rankers[ranker].settings)
        return names

    def reads(self, ranker: str) -> tuple[str, ...]:
        """Names of the rankers that a ranker reads."""
        names: tuple[str, ...] = self.ranker_classes[ranker].reads(self.rankers[ranker].settings)
        return names

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Each split with each ranker that ranks on it; a costly one that names none ranks where the films have texts."""
        return [
            (split, ranker) for split in self.splits for ranker in self.rankers if self._ranks(split, ranker)
        ]

    def _ranks(self, split: str, ranker: str) -> bool:
        named = self.rankers[ranker].splits
        if named is not None:
            return split in named
        return bool(self.split_classes[split].of_run or not self.ranker_classes[ranker].drawn_users_only)

    def rankers_of(self, split: str) -> list[str]:
        """The rankers that rank on a split."""
        return [ranker for other, ranker in self.pairs if other == split]

    def draws_users(self, split: str) -> bool:
        """Whether a ranker of a split is asked about drawn users only."""
        return any(self.ranker_classes[ranker].drawn_users_only for ranker in self.rankers_of(split))

    def retrieving(self, split: str) -> list[str]:
        """The rankers of a split whose films together are the pool of those that read them, in their order."""
        read = {
            name
            for ranker in self.rankers_of(split)
            if self.ranker_classes[ranker].second_pass
            for name in self.reads(ranker)
        }
        return [ranker for ranker in self.rankers_of(split) if ranker in read]

    def read_in_pool(self, split: str) -> list[str]:
        """Those of them that score the whole pool; one that reads others itself is read as it ranked."""
        return [ranker for ranker in self.retrieving(split) if not self.reads(ranker)]

    def test_alone(self, split: str, ranker: str) -> bool:
        """Whether a ranker is asked about the test alone: it is costly or reads others, and nobody learns from it."""
        costly = bool(self.rankers[ranker].model or self.reads(ranker))
        return costly and not self._is_learnt_from(split, ranker)

    def _is_learnt_from(self, split: str, ranker: str) -> bool:
        """Whether what a ranker says of the blocks is read, by a fusion or through one that reranks its films."""
        readers = [other for other in self.rankers_of(split) if ranker in self.reads(other)]
        return any(not self.rankers[other].model or self._is_learnt_from(split, other) for other in readers)

    def asked_of_models(self) -> list[dict[str, Any]]:
        """What language models will be asked: where, by which ranker, whether about a pool, and about the test alone."""
        return [
            {
                "split": split,
                "model": each.model,
                "name": each.name.removeprefix(f"{each.model}/"),
                "kind": each.kind,
                "settings": dict(each.settings),
                "pooled": each.name in self.read_in_pool(split),
                "test_alone": self.test_alone(split, ranker),
            }
            for split, ranker in self.pairs
            if (each := self.rankers[ranker]).model
        ]

    def abouts_of_models(self) -> list[str]:
        """Paths of the notes on all that language models rank, of both passes."""
        asked = self.asked_of_models()
        return [
            f"results/{folder}/{each['split']}/{each['model']}/{each['name']}.about.json"
            for folder in (FIRST_PASS, SECOND_PASS)
            for each in asked
            if folder == FIRST_PASS or each["pooled"]
        ]

    def scores_read(self, split: str, ranker: str) -> list[str]:
        """Places below results/ of the scores that a ranker reads on a split."""
        pooled = self.read_in_pool(split) if self.ranker_classes[ranker].second_pass else []
        return [
            f"{SECOND_PASS if name in pooled else FIRST_PASS}/{split}/{name}.parquet"
            for name in self.reads(ranker)
        ]


def planned_rankings(
    recommendations: Mapping[str, Any],
    models: Iterable[LanguageModel] = (),
    find: Any = Path,
    *,
    has_ratings: bool = True,
    predicts_genres: bool = True,
) -> Rankings:
    """Read the section ``recommendations``, and check what its form does not tell.

    Args:
        recommendations: The section, valid by its schema.
        models: The language models.
        find: Finds a file that the configuration names.
        has_ratings: Whether there is an archive. Without one the splits of this run's films alone are made, and empty.
        predicts_genres: Whether a system of this run predicts genres.

    Raises:
        TrailerflowError: A kind is not known, a setting is wrong, a name stands twice, a ranker names a split that is not
            there, it reads a ranker that does not rank on its splits or reads others itself, or it needs what a language
            model does not tell, or genres that nobody predicts.
    """
    for key in ("splits", "rankers", LANGUAGE_MODELS):
        _check_names(key, [each if isinstance(each, str) else each["name"] for each in recommendations[key]])
    rankers = configured_rankers(recommendations, find)
    for model in models:
        for way in configured_rankers(recommendations, find, key=LANGUAGE_MODELS).values():
            own = _as_it_can(way, model)
            if rankers.setdefault(own.name, own) != own:
                raise TrailerflowError(
                    f"config: recommendations.{LANGUAGE_MODELS}: {way.name} is {own.name} for a model without "
                    "log-probabilities, and another way is so too; give each a name that is no kind."
                )
    rankings = Rankings(configured_splits(recommendations, find), rankers)
    for entry in rankings.splits.values():
        _check_entry("splits", entry, lambda name: rankings.split_classes[name])
    for each in rankers.values():
        _check_entry(_key_of(each), each, lambda name: rankings.ranker_classes[name])
        _check_ranker(rankings, each, predicts_genres=predicts_genres)
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


def _key_of(ranker: ConfiguredRanker) -> str:
    """The key of the section that a ranker stands under."""
    return LANGUAGE_MODELS if ranker.model else "rankers"


def _as_it_can(way: ConfiguredRanker, model: LanguageModel) -> ConfiguredRanker:
    """The ranker of a way and a model: another kind stands in where the model tells no log-probabilities.

    Settings that only the first kind has are left out then.

    Raises:
        TrailerflowError: There is no such kind, or none stands in for it.
    """
    try:
        kind = chosen_class(f"{REGISTER}:LLM_RANKERS", way.kind)
    except TrailerflowError as error:
        raise TrailerflowError(f"config: recommendations.{LANGUAGE_MODELS}: {error}") from None
    own = replace(way, name=f"{model.name}/{way.name}", model=model.name)
    if model.log_probabilities or not kind.needs_log_probabilities:
        return own
    if not kind.stand_in:
        raise TrailerflowError(
            f"config: recommendations.{LANGUAGE_MODELS}: {way.name} reads log-probabilities, and {model.name} of models.llm "
            f"has log_probabilities: false; remove {way.name}, or the model."
        )
    known = chosen_class(f"{REGISTER}:LLM_RANKERS", kind.stand_in).defaults
    settings = {key: value for key, value in way.settings.items() if key in known or key not in kind.defaults}
    name = f"{model.name}/{kind.stand_in}" if way.name == way.kind else own.name
    return replace(own, name=name, kind=kind.stand_in, settings=settings)


def _check_entry(key: str, entry: ConfiguredSplit, class_of: Callable[[str], Any]) -> None:
    """Its kind is known, its settings are right, and its file is there."""
    try:
        class_of(entry.name).checked(entry.settings)
    except TrailerflowError as error:
        raise TrailerflowError(f"config: recommendations.{key}: {error}") from None
    for path in entry.files:
        if not Path(path).is_file():
            raise TrailerflowError(
                f"config: recommendations.{key}: file of {entry.name} is {path}, and there is no such file; correct it."
            )


def _check_ranker(rankings: Rankings, ranker: ConfiguredRanker, *, predicts_genres: bool) -> None:
    """What it needs is made, and the splits that it names are there."""
    if "predicted_genres" in rankings.side_of(ranker.name) and not predicts_genres:
        raise TrailerflowError(
            f"config: recommendations.{_key_of(ranker)}: {ranker.name} has genres: predicted, and genres.systems is empty; "
            "add a system there, or take genres: catalogue."
        )
    for split in ranker.splits or ():
        if split not in rankings.splits:
            raise TrailerflowError(
                f"config: recommendations.{_key_of(ranker)}: {ranker.name} ranks on {split}, which is none of "
                f"recommendations.splits: {', '.join(rankings.splits)}; correct it."
            )


def _check_reads(rankings: Rankings, split: str, ranker: str) -> None:
    place = f"config: recommendations.{_key_of(rankings.rankers[ranker])}: {ranker} reads"
    for other in rankings.reads(ranker):
        if other not in rankings.rankers_of(split):
            raise TrailerflowError(
                f"{place} {other}, which does not rank on {split}; add {other} there, or take {split} out of the splits of "
                f"{ranker}."
            )
        if ranker in _read_through(rankings, other, [ranker]):
            raise TrailerflowError(f"{place} {other}, which reads {ranker} itself; take one of them out.")
        if rankings.rankers[ranker].model:
            continue  # it reranks what the other ranks, whatever that one reads
        behind = rankings.reads(other)
        if behind and not rankings.rankers[other].model:
            raise TrailerflowError(f"{place} {other}, which reads others itself; take it out.")
        if deeper := [name for name in behind if rankings.reads(name)]:
            raise TrailerflowError(
                f"{place} {other}, which reranks {deeper[0]}, and that reads others itself, so there is nothing to learn "
                "from; let it rerank another ranker, or take it out."
            )


def _read_through(rankings: Rankings, ranker: str, seen: Iterable[str]) -> set[str]:
    """All rankers that one reads, and those that they read."""
    found = set(rankings.reads(ranker))
    for name in found - {*seen, ranker}:
        found |= _read_through(rankings, name, [*seen, ranker])
    return found
