"""The split ``global_time``: one date for all, before which everything trains and after which everything is asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import Protocol, Settings
from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.splits.contract import TEST, Part, Split
from trailerflow.recommendations.splits.last_ratings import block_name
from trailerflow.recommendations.splits.times import in_order_of_time
from trailerflow.times import utc_day

SEED = 0
"""Seed of the one order of ties in time: none of them is at a date, so others would ask the same."""


class GlobalTime(Split):
    """Train before a date, and ask for what the users rate after it who have ``history`` ratings before it.

    The date leaves the share ``share`` of the ratings before it. Each block is as long as the test, in ratings, and ends
    where the next one begins.
    """

    name = "global_time"
    source = "Meng et al., Exploring Data Splitting Strategies for the Evaluation of Recommendation Models, RecSys 2020"
    defaults: ClassVar[Mapping[str, Any]] = {"share": 0.9, "blocks": 2}
    limits: ClassVar[Mapping[str, Limit]] = {"share": (0.5, 0.999), "blocks": (0, 10)}
    protocols: tuple[Protocol, ...] = (Full(),)

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """The blocks, the earliest first, and the test."""
        ratings = in_order_of_time(ratings, SEED)
        for block in range(self.settings["blocks"], 0, -1):
            if self._share(block) > 0:
                yield self._part(block_name(block), block, ratings, common)
        test = self._part(TEST, 0, ratings, common)
        yield replace(test, notes=(self._note(ratings, len(test.asked[0].questions), common),))

    def _part(self, name: str, block: int, ratings: pd.DataFrame, common: Settings) -> Part:
        """The part whose question begins so many blocks before the test."""
        train, held_out = self._asked(block, ratings, common)
        return Part(
            part=name,
            fold=0,
            seed=SEED,
            train=train,
            validation=self._asked(block + 1, ratings, common)[1],
            known=train.head(0),
            asked=tuple(protocol.ask(train, held_out, common) for protocol in self.protocols),
        )

    def _asked(
        self, block: int, ratings: pd.DataFrame, common: Settings
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What is rated before a block, and in it by those who had rated enough before."""
        begin, end = self._date(block, ratings), self._date(block - 1, ratings)
        train = ratings[ratings["timestamp"] < begin].reset_index(drop=True)
        counts = train.groupby("user", observed=True).size()
        asked = (
            (ratings["timestamp"] >= begin)
            & (ratings["timestamp"] < end)
            & ratings["user"].isin(counts.index[counts >= common.history])
        )
        return train, ratings[asked].reset_index(drop=True)

    def _share(self, block: int) -> float:
        """The share of the ratings before a block."""
        test = 1 - float(self.settings["share"])
        return 1 - (block + 1) * test

    def _date(self, block: int, ratings: pd.DataFrame) -> float:
        """When a block begins, in seconds; block -1 is what comes after the test, where nothing is."""
        share = self._share(block)
        if share >= 1 or ratings.empty:
            return math.inf
        return float(np.quantile(ratings["timestamp"], max(share, 0)))

    def _note(self, ratings: pd.DataFrame, users: int, common: Settings) -> str:
        """The date, and how many users are asked about."""
        date = self._date(0, ratings)
        day = utc_day(date) if math.isfinite(date) else "not known"
        said = (
            f"The date is {day}, after {self.settings['share']:.0%} of the ratings. Users with {common.history} ratings "
            f"(history) before it and one after it: {users} of {len(ratings['user'].cat.categories)}."
        )
        return (
            said
            if users
            else f"{said} So no ranking can be tested; a lower history or share asks less of them."
        )
