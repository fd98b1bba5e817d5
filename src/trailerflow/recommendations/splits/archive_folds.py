"""The split ``archive_folds``: the archive's own five folds, u1 to u5 of MovieLens-100K."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.protocols.contract import Settings, asked_at_the_end
from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.protocols.order import Order
from trailerflow.recommendations.splits.coding import in_order
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part, Split


class ArchiveFolds(Split):
    """A fold is the test of the ratings, the other four train. It goes by chance, not by time."""

    name = "archive_folds"
    source = "MovieLens-100K, README: u1.base and u1.test to u5.base and u5.test"
    as_released = True
    protocols = (Order(), Full())

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """A part for each fold.

        Raises:
            TrailerflowError: The archive has no folds.
        """
        folds = sorted(set(ratings["fold"]) - {0})
        if not folds:
            raise TrailerflowError(
                "The split archive_folds needs an archive with its own folds u1 to u5, such as GroupLens' ml-100k.zip (the "
                "copy in the recbole wheel has none); set catalogue.archive to it, or take another split."
            )
        for fold in folds:
            held_out, train = (
                in_order(ratings[chosen]) for chosen in (ratings["fold"] == fold, ratings["fold"] != fold)
            )
            asked = tuple(
                asked_at_the_end(protocol.ask(train, held_out, common), train) for protocol in self.protocols
            )
            users = held_out["user"].nunique()
            note = f"u{fold}: {len(train)} ratings train, {len(held_out)} of {users} users are the test."
            nothing = train.head(0)
            yield Part(
                TEST, fold, TIES_BY_ID, train, validation=nothing, known=nothing, asked=asked, notes=(note,)
            )
