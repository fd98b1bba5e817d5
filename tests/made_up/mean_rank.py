"""A ranker of a test that reads others: each counts as much as it was right in the blocks before the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Scores, Side


class MeanRank(Ranker):
    """The mean of other rankers' places, weighted by their share of right films in the blocks."""

    source = "made up for a test"

    @classmethod
    def reads(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Two rankers that every test has."""
        return "popularity", "together"

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Weigh the rankers by the films of the blocks that the users rated later."""
        known = set(zip(train["user"].astype(str), train["movie"].astype(str), strict=True))
        blocks = side["block_scores"].sort_values("score", ascending=False)
        first = blocks.groupby(["ranker", "protocol", "part", "user"], observed=True).head(1)
        right = [
            film in known for film in zip(first["user"].astype(str), first["movie"].astype(str), strict=True)
        ]
        weights = pd.Series(right, dtype=float).groupby(first["ranker"].to_numpy()).mean() + 0.1
        scores = side["scores"].drop_duplicates(["ranker", "user", "movie"])
        places = scores.groupby(["ranker", "user"], observed=True)["score"].rank(pct=True)
        weighted = places * scores["ranker"].map(weights.reindex(self.reads(self.settings)).fillna(0.1))
        films = weighted.groupby([scores["user"].astype(str), scores["movie"].astype(str)]).sum()
        return Weighted(films.to_dict())


class Weighted(Fitted):
    """A score of each user's films."""

    def __init__(self, scores: Mapping[tuple[str, str], float]) -> None:
        self._scores = scores

    def score(self, questions: Questions) -> Iterator[Scores]:
        """The score of each film; one that no ranker spoke of is absent."""
        for question in questions:
            films = questions.movies[question.candidates]
            scores: Floats = np.array(
                [self._scores.get((question.user, str(film)), np.nan) for film in films]
            )
            status = ["absent" if np.isnan(score) else "ok" for score in scores]
            yield Scores(question.number, scores, {"status": status})
