"""The split ``leave_last``: each user's last ratings of all are held out, everything else trains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pandas as pd

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.protocols.sampled import Sampled
from trailerflow.recommendations.protocols.temporal import Temporal
from trailerflow.recommendations.splits.contract import Part, Split
from trailerflow.recommendations.splits.last_ratings import LastRatings, users_needed
from trailerflow.recommendations.splits.times import in_order_of_time, tie_seeds


class LeaveLast(Split):
    """Hold out each user's last ratings (temporal leave-last-n), over all films of the archive.

    Before the test come blocks of as many ratings, for what is trained on rankings. Other users' later ratings train.
    """

    name = "leave_last"
    source = "Meng et al., Exploring Data Splitting Strategies for the Evaluation of Recommendation Models, RecSys 2020"
    defaults: ClassVar[Mapping[str, Any]] = {"blocks": 2, "ties_by_id": False, "negatives": 95}
    limits: ClassVar[Mapping[str, Limit]] = {"blocks": (0, 10), "negatives": (1, 10_000)}

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        super().__init__(settings)
        self.protocols = (Temporal(), Full(), Sampled(self.settings["negatives"]))

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """For each tie seed the blocks, the earliest first, and the test."""
        note = users_needed(ratings, common)
        for seed in tie_seeds(common.tie_seeds, ties_by_id=self.settings["ties_by_id"]):
            steps = LastRatings(in_order_of_time(ratings, seed), common)
            yield from steps.parts(self.settings["blocks"], self.protocols, seed=seed, note=note)
