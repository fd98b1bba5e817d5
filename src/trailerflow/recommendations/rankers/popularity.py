"""The ranker ``popularity``: a film's number of training ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Side
from trailerflow.recommendations.rankers.same_for_all import SameForAll


class Popularity(Ranker):
    """Films by how often they were rated.

    Plain counts, and not the quantiles of LensKit's PopScorer, which order films of equal count.
    """

    source = (
        "Cremonesi et al., Performance of Recommender Algorithms on Top-N Recommendation Tasks, RecSys 2010"
    )

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Count every film's ratings."""
        films = train["movie"].cat
        return SameForAll(np.bincount(films.codes, minlength=len(films.categories)).astype(float))
