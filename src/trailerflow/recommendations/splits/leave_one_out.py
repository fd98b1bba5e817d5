"""What ``llamarec`` and ``llmrank`` share: the last rating of each user, of films and users with five ratings or more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pandas as pd

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.splits.coding import in_order
from trailerflow.recommendations.splits.contract import Part, Split
from trailerflow.recommendations.splits.last_ratings import LastRatings
from trailerflow.recommendations.splits.times import in_order_of_time, tie_seeds

CORE = 5
"""Fewest ratings of a film and of a user."""


class LeaveOneOut(Split):
    """Each user's last rating is the test, the one before it the validation, which is known at the test."""

    as_released = True
    defaults: ClassVar[Mapping[str, Any]] = {"blocks": 2, "ties_by_id": False, "tie_seeds": None}
    limits: ClassVar[Mapping[str, Limit]] = {"blocks": (0, 10), "tie_seeds": (1, 100)}

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """For each tie seed the blocks, the earliest first, and the test; a block is one rating of each user."""
        core = in_order(five_core(ratings))
        common = replace(common, held_out=1, history=1)
        films, users = (len(core[name].cat.categories) for name in ("movie", "user"))
        note = f"Users, films and ratings with {CORE} ratings or more each: {users}, {films} and {len(core)}."
        seeds = int(self.settings["tie_seeds"] or common.tie_seeds)
        for seed in tie_seeds(seeds, ties_by_id=self.settings["ties_by_id"]):
            steps = LastRatings(in_order_of_time(core, seed), common)
            yield from steps.parts(self.settings["blocks"], self.protocols, seed=seed, note=note)


def five_core(ratings: pd.DataFrame) -> pd.DataFrame:
    """Leave out films and users with fewer than five ratings until all that are left have as many.

    Args:
        ratings: user, movie, with ids as categories.

    Returns:
        The rows that are left; the categories are what is left.
    """
    while True:
        enough = pd.Series(True, index=ratings.index)
        for name in ("movie", "user"):
            enough &= ratings.groupby(name, observed=True)[name].transform("size") >= CORE
        if enough.all():
            break
        ratings = ratings[enough]
    return ratings.assign(
        **{name: ratings[name].cat.remove_unused_categories() for name in ("user", "movie")}
    )
