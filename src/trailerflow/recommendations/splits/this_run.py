"""The split ``this_run``: each user's last films of this run are held out, everything else trains."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from trailerflow.recommendations.protocols.contract import Protocol, Settings
from trailerflow.recommendations.protocols.temporal import Temporal
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part, Split
from trailerflow.recommendations.splits.last_ratings import users_needed


class ThisRun(Split):
    """Hold out each user's last ratings among the films of this run (temporal leave-last-n).

    Users with fewer than ``held_out + history`` ratings of this run's films stay in the training part whole.
    """

    name = "this_run"
    of_run = True
    source = "Meng et al., Exploring Data Splitting Strategies for the Evaluation of Recommendation Models, RecSys 2020"
    protocols: tuple[Protocol, ...] = (Temporal(),)

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """One part, with ties in time in order of the films' ids."""
        rated = ratings[ratings["movie"].isin(movies["movie"])]
        by_user = rated.groupby("user", sort=False, observed=True)
        counts = by_user["movie"].transform("size")
        enough = counts >= common.held_out + common.history
        rows = rated[enough].groupby("user", sort=False, observed=True).tail(common.held_out).index
        held_out = ratings.loc[rows].reset_index(drop=True)
        train = ratings.drop(index=rows).reset_index(drop=True)
        nothing = train.head(0)
        asked = tuple(protocol.ask(train, held_out, common) for protocol in self.protocols)
        note = users_needed(rated, common, of="of this run's films")
        yield Part(TEST, 0, TIES_BY_ID, train, validation=nothing, known=nothing, asked=asked, notes=(note,))
