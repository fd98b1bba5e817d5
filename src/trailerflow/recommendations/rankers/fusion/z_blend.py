"""The ranker ``z_blend``: the plain mean of other rankers' standardised scores."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.rankers.contract import Fitted, Side
from trailerflow.recommendations.rankers.fusion.film_facts import FilmFacts
from trailerflow.recommendations.rankers.fusion.fused import Fused, Reader
from trailerflow.recommendations.rankers.fusion.read_scores import ReadScores


class ZBlend(Reader):
    """The films that were retrieved, by the mean of the scores, each standardised within a question."""

    source = "Lee, Analyses of Multiple Evidence Combination, SIGIR 1997 (CombSUM), with z-scores"
    tasks = (FIND,)
    side = ("archive",)

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Nothing is learnt."""
        names = self.settings["reads"]
        users, films = train["user"].cat.categories, train["movie"].cat.categories
        read = ReadScores(side["scores"], names, users, films)
        facts = FilmFacts.of(train, side["archive"])
        return Fused(read, facts, ["scores"], lambda table: np.mean(table[:, : len(names)], axis=1))
