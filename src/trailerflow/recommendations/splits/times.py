"""Ratings in the order in which they were given, where many share a second."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.splits.contract import TIES_BY_ID


def told_of_times(ratings: pd.DataFrame) -> tuple[str, ...]:
    """What is to be said where the times of ratings tell nothing: a sentence, or none.

    Args:
        ratings: The whole archive: timestamp.
    """
    if ratings["timestamp"].nunique() != 1 or len(ratings) == 1:
        return ()
    return (
        "All ratings have the same time, so a user's last ratings are drawn at random; give the ratings their times, or "
        "use a split that needs none, such as cold_items.",
    )


def in_order_of_time(ratings: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Put each user's ratings into order of time, and those of one second into a random order.

    A page of films that was sent at once has one time. In MovieLens-100K half of the users have such a page where the
    test begins, and an order by the films' numbers would put late entries of the archive into the test.

    Args:
        ratings: user, movie, rating, timestamp, in order of user, time and film.
        seed: Seed of the order within a second; `TIES_BY_ID` leaves it as it is.

    Returns:
        The same rows in their order, with a new index.
    """
    if seed == TIES_BY_ID:
        return ratings.reset_index(drop=True)
    by_chance = np.random.default_rng(seed).permutation(len(ratings))
    order = np.lexsort((by_chance, ratings["timestamp"].to_numpy(), ratings["user"].cat.codes.to_numpy()))
    return ratings.iloc[order].reset_index(drop=True)


def tie_seeds(count: int, *, ties_by_id: bool) -> list[int]:
    """The seeds by which ratings of one second are put into an order.

    Args:
        count: How many there are.
        ties_by_id: Whether there is also an arm by the films' ids, for comparison with figures that were published so.
    """
    return [*range(count), *([TIES_BY_ID] if ties_by_id else [])]
