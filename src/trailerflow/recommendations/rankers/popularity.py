"""The ranker ``popularity``: a film's number of training ratings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Scores, Side


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
        return Counted(np.bincount(films.codes, minlength=len(films.categories)).astype(float))


class Counted(Fitted):
    """Films with a score each, the same for all users.

    Args:
        counts: Shape (films,).
    """

    def __init__(self, counts: Floats) -> None:
        self._counts = counts

    def score(self, questions: Questions) -> Iterator[Scores]:
        """A film's count."""
        for question in questions:
            yield Scores(question.number, self._counts[question.candidates])
