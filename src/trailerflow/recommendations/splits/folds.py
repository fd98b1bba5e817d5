"""Splits that hold out users or films whole, by folds that a seed draws."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import Asked, Settings
from trailerflow.recommendations.splits.contract import TEST, Part, Split
from trailerflow.recommendations.splits.last_ratings import block_name
from trailerflow.recommendations.splits.times import in_order_of_time

Places = npt.NDArray[np.intp]


class Folds(Split):
    """Users or films fall into folds by the seed, and those of one fold are the test.

    A block asks about another fold, and is trained without both. Of the folds ``only`` are made.

    Attributes:
        column: What falls into folds: user or movie.
        variants: In how many ways each fold is asked about. Each is a fit of its own, so it has its own number of a fold.
    """

    defaults: ClassVar[Mapping[str, Any]] = {"folds": 5, "only": 5, "blocks": 1}
    limits: ClassVar[Mapping[str, Limit]] = {"folds": (2, 100), "only": (1, 100), "blocks": (0, 99)}
    column: ClassVar[str]
    variants: ClassVar[int] = 1

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """See `Split.checked`; no more folds are made than there are, and a block leaves a fold to train on."""
        whole = super().checked(settings)
        for key, most in (("only", whole["folds"]), ("blocks", whole["folds"] - 2)):
            if whole[key] > most:
                raise TrailerflowError(
                    f"The split {cls.name}: {key} is {whole[key]}; with {whole['folds']} folds it must be {most} at most."
                )
        return whole

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """For each fold and each way of asking the blocks, and the test. A fold has one order of ties in time."""
        fold_of = drawn_folds(ratings[self.column], self.settings["folds"], common.seed)
        for fold in range(self.settings["only"]):
            ordered = in_order_of_time(ratings, _tie_seed(fold, common))
            rows = fold_of[ordered[self.column].cat.codes]
            for variant in range(self.variants):
                for block in range(self.settings["blocks"], -1, -1):
                    yield self._part(ordered, rows, fold, block, variant, common)

    @abstractmethod
    def asked(self, own: pd.DataFrame, variant: int, common: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Of the ratings of a fold, what is told with a question and what is held out."""

    @abstractmethod
    def note(self, fold: int, test: Part, common: Settings) -> str:
        """Who is asked about in the test of a fold, in a sentence."""

    @abstractmethod
    def ask(
        self, known: pd.DataFrame, held_out: pd.DataFrame, variant: int, common: Settings
    ) -> tuple[Asked, ...]:
        """What is asked in one way, by those who may know this."""

    def _part(
        self, ratings: pd.DataFrame, rows: Places, fold: int, block: int, variant: int, common: Settings
    ) -> Part:
        """The test of a fold, or one of its blocks."""
        folds = self.settings["folds"]
        other, following = (fold + block) % folds, (fold + block + 1) % folds
        train = ratings[(rows != fold) & (rows != other)].reset_index(drop=True)
        known, held_out = self.asked(ratings[rows == other], variant, common)
        further = ratings[rows == following] if following != fold else ratings.head(0)
        told = pd.concat([train, known], ignore_index=True)
        part = Part(
            part=block_name(block) if block else TEST,
            fold=fold * self.variants + variant,
            seed=_tie_seed(fold, common),
            train=train,
            validation=self.asked(further, variant, common)[1],
            known=known,
            asked=self.ask(told, held_out, variant, common),
        )
        return part if block else replace(part, notes=(self.note(fold, part, common),))


def _tie_seed(fold: int, common: Settings) -> int:
    """The one tie seed of a fold, so that the mean over folds is one over seeds as well."""
    return fold % max(common.tie_seeds, 1)


def drawn_folds(members: pd.Series, folds: int, seed: int) -> Places:
    """The fold of each user or film by its code: as many folds as are wanted, of sizes that differ by 1 at most.

    Args:
        members: The user or film of each rating, as categories. Those without a rating count for no fold.
        folds: How many folds there are.
        seed: Seed by which they are drawn.
    """
    there = np.random.default_rng(seed).permutation(np.unique(members.cat.codes))
    fold_of = np.zeros(len(members.cat.categories), np.intp)
    for fold, places in enumerate(np.array_split(there, folds)):
        fold_of[places] = fold
    return fold_of
