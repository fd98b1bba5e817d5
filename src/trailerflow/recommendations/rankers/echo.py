"""The ranker ``echo``: the candidates as they are shown, the first one best."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Scores, Side


class Echo(Ranker):
    """What doing nothing scores: it tells whether a protocol shows its candidates in an order that gives the answer away."""

    source = "Hou et al., Large Language Models are Zero-Shot Rankers for Recommender Systems, ECIR 2024 (position bias)"

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """There is nothing to fit."""
        return Echoing()


class Echoing(Fitted):
    """Candidates in the order in which they are shown."""

    def score(self, questions: Questions) -> Iterator[Scores]:
        """0 for the first candidate, -1 for the next, and so on."""
        for question in questions:
            yield Scores(question.number, -np.arange(question.candidates.size, dtype=float))
