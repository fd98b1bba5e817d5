"""The split ``paper``: a user's 15 best films are the history, the next five that were rated 3 or more the candidates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.protocols.true_order import PaperAsReleased, PaperShuffled
from trailerflow.recommendations.splits.coding import in_order
from trailerflow.recommendations.splits.contract import TEST, Part, Split
from trailerflow.recommendations.splits.times import in_order_of_time, tie_seeds

HISTORY = 15
CANDIDATES = 5
LEAST_CANDIDATES = 3
LEAST_RATING = 3.0


class Paper(Split):
    """Films are sorted by rating, and those of one rating from the newest to the oldest.

    The released code asks about the first 50 users, and only about films with a summary, so that 10 films of history are
    enough there. Here all users are asked about, and all films count.
    """

    name = "paper"
    source = "Raj et al., IEEE Access 2024, the released code"
    as_released = True
    protocols = (PaperAsReleased(), PaperShuffled())

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """A part for each tie seed; rankers train on all ratings but the candidates."""
        for seed in tie_seeds(common.tie_seeds, ties_by_id=False):
            by_time = in_order_of_time(in_order(ratings), seed)
            held_out = candidates(by_time)
            train = by_time.drop(index=held_out.index).reset_index(drop=True)
            held_out = held_out.reset_index(drop=True)
            asked = tuple(protocol.ask(train, held_out, common) for protocol in self.protocols)
            note = (
                f"Users with {HISTORY} best films and {LEAST_CANDIDATES} or more of the next {CANDIDATES} rated "
                f"{LEAST_RATING:g} or more: {held_out['user'].nunique()} of {ratings['user'].nunique()}."
            )
            nothing = train.head(0)
            yield Part(TEST, 0, seed, train, validation=nothing, known=nothing, asked=asked, notes=(note,))


def candidates(ratings: pd.DataFrame) -> pd.DataFrame:
    """The films after each user's 15 best ones, the best first.

    Args:
        ratings: user, movie, rating, timestamp, a user's in order of time.

    Returns:
        Rows of the ratings, with their labels.
    """
    latest_first = -np.arange(len(ratings))
    order = np.lexsort((latest_first, -ratings["rating"].to_numpy(), ratings["user"].cat.codes.to_numpy()))
    best = ratings.iloc[order]
    place = best.groupby("user", observed=True).cumcount()
    chosen = best[(place >= HISTORY) & (place < HISTORY + CANDIDATES) & (best["rating"] >= LEAST_RATING)]
    found = chosen.groupby("user", observed=True)["movie"].transform("size")
    return chosen[found >= LEAST_CANDIDATES]
