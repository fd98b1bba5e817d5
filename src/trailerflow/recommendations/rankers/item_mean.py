"""The ranker ``item_mean``: a film's mean rating."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Side
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


def mean_ratings(train: pd.DataFrame, *, damping: float) -> Floats:
    """Mean rating of each film by its code, as if ``damping`` more users had given it the mean of all; shape (films,)."""
    films = train["movie"].cat
    overall = float(train["rating"].mean()) if len(train) else 0.0
    above = train["rating"].to_numpy(float) - overall
    sums = np.bincount(films.codes, above, minlength=len(films.categories))
    counts = np.bincount(films.codes, minlength=len(films.categories)) + damping
    return np.asarray(overall + np.divide(sums, counts, out=np.zeros(sums.size), where=counts > 0))
