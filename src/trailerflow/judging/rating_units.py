"""Ratings by what they are of: a criterion, or all of them, and the judge's only where it saw a pair both ways."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from trailerflow.judging.pairs import CRITERIA

ALL = "all"
UNIT = ["movie", "pair", "model", "prompt", "criterion"]
"""What is rated: one summary of a pair, by one criterion."""


def in_both_orders(ratings: pd.DataFrame) -> pd.DataFrame:
    """The ratings without those of a judge that rated a pair in one order only: a preferred place would not cancel."""
    judge = ratings["kind"] == "judge"
    orders = ratings[judge].groupby("pair")["order"].nunique()
    return ratings[~judge | ratings["pair"].isin(orders[orders == 2].index)]


def by_criterion(ratings: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The ratings of each criterion, and all of them under the name `ALL`."""
    for criterion in CRITERIA:
        yield criterion, ratings[ratings["criterion"] == criterion]
    yield ALL, ratings
