"""The ranker ``item_mean``: a film's mean rating."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Side
from trailerflow.recommendations.rankers.means import mean_ratings
from trailerflow.recommendations.rankers.same_for_all import SameForAll


class ItemMean(Ranker):
    """Films by their mean rating, all ratings counting the same; a film without one has the mean of all."""

    source = (
        "Cremonesi et al., Performance of Recommender Algorithms on Top-N Recommendation Tasks, RecSys 2010: "
        "MovieAvg"
    )

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Take every film's mean."""
        return SameForAll(mean_ratings(train, damping=0.0))
