"""A split of a test: half of the users are unknown, in two folds, and two protocols ask about them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from trailerflow.recommendations.protocols.contract import (
    CATALOGUE,
    FIND,
    Asked,
    Protocol,
    Settings,
    drawn_users,
    first_times,
)
from trailerflow.recommendations.protocols.temporal import Temporal
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part, Split


class WholeCatalogue(Protocol):
    """The held-out films are sought among all films."""

    name = "whole"
    source = "made up for a test"
    task = FIND

    def ask(self, train: pd.DataFrame, held_out: pd.DataFrame, settings: Settings) -> Asked:
        """One question a user, about the films of nobody."""
        questions = first_times(held_out)
        films = pd.DataFrame({"user": None, "movie": train["movie"].cat.categories})
        users = drawn_users(questions["user"], settings)
        return Asked(self.name, self.task, questions.assign(rule=CATALOGUE), films, held_out, users)


USERS = 40
"""Enough for figures, few enough for a test."""


class HalfUsers(Split):
    """Every second user is known by the first ratings alone; a fold for each half, and a block before the test."""

    name = "half_users"
    of_run = True
    source = "made up for a test"
    protocols: tuple[Protocol, ...] = (Temporal(), WholeCatalogue())

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """Two folds of the test, and one block."""
        ratings = ratings[ratings["user"].cat.codes < USERS]
        places = ratings["user"].cat.codes
        from_end = ratings.groupby("user", observed=True).cumcount(ascending=False)
        for part, last in (("block", common.held_out), (TEST, 0)):
            for fold in (0, 1):
                cold, held = places % 2 == fold, (from_end >= last) & (from_end < last + common.held_out)
                train = ratings[~cold & (from_end >= last)].reset_index(drop=True)
                known = ratings[cold & (from_end >= last + common.held_out)].reset_index(drop=True)
                held_out = ratings[cold & held].reset_index(drop=True)
                asked = tuple(protocol.ask(train, held_out, common) for protocol in self.protocols)
                yield Part(part, fold, TIES_BY_ID, train, train.head(0), known, asked)
