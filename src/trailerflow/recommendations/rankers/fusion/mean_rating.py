"""The ranker ``mean_rating``: the plain mean of the ratings that others predict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.protocols.contract import ORDER
from trailerflow.recommendations.rankers.contract import Fitted, Side
from trailerflow.recommendations.rankers.fusion.fused import Reader


class MeanRating(Reader):
    """The films of a list by the mean of what rankers predict in stars, each less its mean in the question.

    ``weights`` are those of the rankers, in the order of ``reads``; without them all count the same.
    """

    source = (
        "Töscher, Jahrer & Bell, The BigChaos Solution to the Netflix Grand Prize, 2009, in its simplest form"
    )
    tasks = (ORDER,)
    second_pass = False
    defaults: ClassVar[Mapping[str, Any]] = {**Reader.defaults, "weights": []}

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings with the defaults of the others.

        Raises:
            TrailerflowError: A setting is wrong, or there is not one weight above 0 for each ranker.
        """
        found = super().checked(settings)
        weights = found["weights"]
        numbers = [weight for weight in weights if type(weight) in (int, float) and 0 < weight < math.inf]
        if weights and len(numbers) != len(found["reads"]):
            raise TrailerflowError(
                f"The ranker {cls.__name__}: weights must have a number above 0 for each ranker of reads, or be left out."
            )
        return found

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Nothing is learnt."""
        weights = np.array(self.settings["weights"] or [1.0] * len(self.settings["reads"]), dtype=float)
        return self.fused(train, side, ["centred"], lambda table: table @ (weights / weights.sum()))
