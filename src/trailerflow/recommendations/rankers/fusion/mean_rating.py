"""The ranker ``mean_rating``: the plain mean of the ratings that others predict."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.protocols.contract import ORDER
from trailerflow.recommendations.rankers.contract import Fitted, Side
from trailerflow.recommendations.rankers.fusion.film_facts import FilmFacts
from trailerflow.recommendations.rankers.fusion.fused import Fused, Reader
from trailerflow.recommendations.rankers.fusion.read_scores import ReadScores


class MeanRating(Reader):
    """The films of a list by the mean of what rankers predict in stars, each less its mean in the question."""

    source = (
        "Töscher, Jahrer & Bell, The BigChaos Solution to the Netflix Grand Prize, 2009, in its simplest form"
    )
    tasks = (ORDER,)
    second_pass = False
    side = ("archive",)

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Nothing is learnt."""
        users, films = train["user"].cat.categories, train["movie"].cat.categories
        read = ReadScores(side["scores"], self.settings["reads"], users, films)
        facts = FilmFacts.of(train, side["archive"])
        return Fused(read, facts, ["centred"], lambda table: np.mean(table, axis=1))
