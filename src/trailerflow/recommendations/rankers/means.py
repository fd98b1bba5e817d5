"""Mean ratings of films."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.rankers.contract import Floats


def mean_ratings(train: pd.DataFrame, *, damping: float) -> Floats:
    """Mean rating of each film by its code, as if ``damping`` more users had given it the mean of all; shape (films,)."""
    films = train["movie"].cat
    overall = float(train["rating"].mean()) if len(train) else 0.0
    above = train["rating"].to_numpy(float) - overall
    sums = np.bincount(films.codes, above, minlength=len(films.categories))
    counts = np.bincount(films.codes, minlength=len(films.categories)) + damping
    return np.asarray(overall + np.divide(sums, counts, out=np.zeros(sums.size), where=counts > 0))
