"""The split ``leave_last_past``: the questions of ``leave_last``, and of other users nothing that was rated later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.protocols.sampled import Sampled
from trailerflow.recommendations.protocols.temporal import Temporal
from trailerflow.recommendations.splits.contract import TEST, Part, Split, nobody_asked
from trailerflow.recommendations.splits.last_ratings import LastRatings, block_name, users_needed
from trailerflow.recommendations.splits.times import in_order_of_time, tie_seeds


class LeaveLastPast(Split):
    """Hold out each user's last ratings, and train on what everybody had rated at a checkpoint before them.

    A fold is a checkpoint in time. A user belongs to the last one that precedes the user's last training rating; what the
    user rated between the two is told with the question. Checkpoints have equally many ratings between them. The blocks of
    a checkpoint ask about the last ratings before it, those of the ``block_users`` users who rated latest.
    """

    name = "leave_last_past"
    source = "Ji et al., A Critical Study on Data Leakage in Recommender System Offline Evaluation, TOIS 2023"
    defaults: ClassVar[Mapping[str, Any]] = {
        "checkpoints": 24, "blocks": 2, "block_users": 200, "ties_by_id": False, "negatives": 95,
    }  # fmt: skip
    limits: ClassVar[Mapping[str, Limit]] = {
        "checkpoints": (1, 1000), "blocks": (0, 10), "block_users": (1, 1_000_000), "negatives": (1, 10_000),
    }  # fmt: skip

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        super().__init__(settings)
        self.protocols = (Temporal(), Full(), Sampled(self.settings["negatives"]))

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """For each tie seed and checkpoint with users the blocks, the earliest first, and the test."""
        count = self.settings["checkpoints"]
        cuts = _between(ratings["timestamp"], count)
        for seed in tie_seeds(common.tie_seeds, ties_by_id=self.settings["ties_by_id"]):
            steps = LastRatings(in_order_of_time(ratings, seed), common)
            train, held_out = steps.train(0), steps.held_out(0)
            last = train.groupby("user", observed=True)["timestamp"].max()[held_out["user"].unique()]
            fold_of = pd.Series(np.searchsorted(cuts, last) - 1, index=last.index)
            early = int((fold_of < 0).sum())
            notes = (
                users_needed(ratings, common),
                f"Users without a training rating after the first of {count} checkpoints, who are left out: {early}.",
            )
            if early == len(fold_of):
                yield nobody_asked(train, seed, notes)
            for fold in sorted(set(fold_of[fold_of >= 0])):
                asked = held_out[held_out["user"].map(fold_of).astype(int) == fold].reset_index(drop=True)
                for part in self._fold(int(fold), seed, cuts[fold], train, asked, common):
                    yield replace(part, notes=notes)

    def _fold(
        self, fold: int, seed: int, cut: float, train: pd.DataFrame, held_out: pd.DataFrame, common: Settings
    ) -> Iterator[Part]:
        """The parts of one checkpoint."""
        before = train[train["timestamp"] < cut].reset_index(drop=True)
        after = (train["timestamp"] >= cut) & train["user"].isin(held_out["user"].unique())
        known = train[after].reset_index(drop=True)
        steps = LastRatings(before, common, self.settings["block_users"])
        for block in range(self.settings["blocks"], 0, -1):
            yield steps.part(block_name(block), block - 1, self.protocols, fold=fold, seed=seed)
        told = pd.concat([before, known], ignore_index=True)
        yield Part(
            part=TEST,
            fold=fold,
            seed=seed,
            train=before,
            validation=steps.held_out(0),
            known=known,
            asked=tuple(protocol.ask(told, held_out, common) for protocol in self.protocols),
        )


def _between(times: pd.Series, count: int) -> npt.NDArray[np.float64]:
    """So many checkpoints, with equally many ratings before the first, between two and after the last."""
    shares = np.arange(1, count + 1) / (count + 1)
    return np.unique(np.quantile(times, shares)) if len(times) else np.empty(0)
