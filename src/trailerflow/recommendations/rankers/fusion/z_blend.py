"""The ranker ``z_blend``: the plain mean of other rankers' standardised scores."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.rankers.contract import Fitted, Side
from trailerflow.recommendations.rankers.fusion.fused import Reader


class ZBlend(Reader):
    """The films that were retrieved, by the mean of the scores, each standardised within a question."""

    source = "Lee, Analyses of Multiple Evidence Combination, SIGIR 1997 (CombSUM), with z-scores"
    tasks = (FIND,)

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Nothing is learnt."""
        return self.fused(train, side, ["scores"], self.equal_weights)
