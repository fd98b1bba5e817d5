"""Each user's last ratings, held out in steps: the test, and the blocks before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from trailerflow.recommendations.protocols.contract import Protocol, Settings
from trailerflow.recommendations.splits.contract import TEST, Part


class LastRatings:
    """Ratings counted from each user's last one in steps of ``held_out``: step 0 is the last, step 1 the one before.

    A user who has too few ratings for step 0 is never asked about, and stays in every training part whole. One who has
    too few for a further step is not asked about there; what comes later is held out all the same, so training parts nest.

    Args:
        ratings: user, movie, rating, timestamp, a user's in order of time.
        common: How many ratings are held out, and how many must stand before them.
        most: Ask about so many users at most, those with the latest last ratings; None for all.
    """

    def __init__(self, ratings: pd.DataFrame, common: Settings, most: int | None = None) -> None:
        by_user = ratings.groupby("user", sort=False, observed=True)["movie"]
        counts = by_user.transform("size")
        self._ratings = ratings
        self._common = common
        self._step = by_user.cumcount(ascending=False) // common.held_out
        self._before = counts - (self._step + 1) * common.held_out
        self._tested = counts >= common.held_out + common.history
        tested = ratings[self._tested]
        last = tested.groupby("user", observed=True)["timestamp"].max().sort_values(kind="stable")
        self._users = last.index if most is None else last.index[-most:]

    def train(self, step: int) -> pd.DataFrame:
        """What may be known before a step: user, movie, rating, timestamp."""
        return self._ratings[~self._tested | (self._step > step)].reset_index(drop=True)

    def held_out(self, step: int) -> pd.DataFrame:
        """What is asked about in a step: user, movie, rating, timestamp."""
        asked = (self._step == step) & (self._before >= self._common.history)
        return self._ratings[asked & self._ratings["user"].isin(self._users)].reset_index(drop=True)

    def part(self, name: str, step: int, protocols: Sequence[Protocol], *, fold: int = 0, seed: int) -> Part:
        """A part that asks about a step; the step before it is its validation, and trains as well."""
        train, held_out = self.train(step), self.held_out(step)
        return Part(
            part=name,
            fold=fold,
            seed=seed,
            train=train,
            validation=self.held_out(step + 1),
            known=train.head(0),
            asked=tuple(protocol.ask(train, held_out, self._common) for protocol in protocols),
        )

    def parts(self, blocks: int, protocols: Sequence[Protocol], *, seed: int, note: str) -> Iterator[Part]:
        """The blocks, the earliest first, and the test, which bears the note."""
        for block in range(blocks, 0, -1):
            yield self.part(block_name(block), block, protocols, seed=seed)
        yield replace(self.part(TEST, 0, protocols, seed=seed), notes=(note,))


def block_name(step: int) -> str:
    """Name of the block that is so many steps before the test."""
    return f"block_{step}"


def users_needed(ratings: pd.DataFrame, common: Settings, *, of: str = "of all films") -> str:
    """How many users have enough ratings to be asked about, in a sentence.

    Args:
        ratings: user, movie, rating, timestamp; the categories of users are all users.
        common: How many ratings a user must have.
        of: Which ratings these are.
    """
    counts = ratings.groupby("user", observed=False).size()
    enough = int((counts >= common.held_out + common.history).sum())
    wanted = f"{common.held_out + common.history} ratings {of} (held_out: {common.held_out}, history: {common.history})"
    if not enough:
        return f"No user has {wanted}, so no ranking can be tested; a lower held_out or history asks less of them."
    return f"Users who have {wanted}: {enough} of {len(counts)}. Those of the others only train."
