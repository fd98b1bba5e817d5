"""Retrieve and rerank: a ranker ranks the best films of another one, and the others stay in that one's order below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.own_settings import Limit
from trailerflow.recommendations.questions import Codes, Question, Questions
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Scores, Side
from trailerflow.recommendations.rankers.fusion.read_scores import ReadScores

DEFAULTS: Mapping[str, Any] = {"rerank": None, "rerank_films": 20}
"""Name of the ranker whose best films are ranked, and how many; without a name every film is ranked."""

LIMITS: Mapping[str, Limit] = {"rerank_films": (2, 1000)}


def reranked(fitted: Fitted, settings: Mapping[str, Any], train: pd.DataFrame, side: Side) -> Fitted:
    """A fitted ranker that ranks what its settings say: the best films of another ranker, or all.

    Args:
        fitted: The ranker.
        settings: Those of `DEFAULTS` among them.
        train: The training ratings of the part, for the categories of users and films.
        side: ``scores`` among them, where another ranker is read.
    """
    if not settings["rerank"]:
        return fitted
    users, movies = train["user"].cat.categories, train["movie"].cat.categories
    return Reranked(
        fitted, ReadScores(side["scores"], [settings["rerank"]], users, movies), settings["rerank_films"]
    )


class Reranked(Fitted):
    """Films in the order of one ranker, the best of them in that of another.

    Args:
        fitted: Who ranks the best films.
        read: What the first ranker says.
        films: How many films are the best ones.
    """

    def __init__(self, fitted: Fitted, read: ReadScores, films: int) -> None:
        self._fitted = fitted
        self._read = read
        self._films = films

    def score(self, questions: Questions) -> Iterator[Scores]:
        """The scores of the best films are those of the second ranker, and the others' are below them."""
        best = questions.shortened(lambda question: question.candidates[self._split(question)[0]])
        for said in self._fitted.score(best):
            yield self._whole(questions.numbered(said.question), said)

    def _split(self, question: Question) -> tuple[Codes, Codes]:
        """Places of the best candidates, in the order in which they are shown, and of the others, the best first.

        Equal ones stand as they are shown, and those without a score last.
        """
        scores = self._read.of(question)[:, 0]
        order = np.argsort(-np.where(np.isnan(scores), -np.inf, scores), kind="stable")
        return np.sort(order[: self._films]), order[self._films :]

    def _whole(self, question: Question, said: Scores) -> Scores:
        best, rest = self._split(question)
        scores: Floats = np.empty(question.candidates.size)
        scores[best] = said.scores
        ranked = said.scores[~np.isnan(said.scores)]
        lowest = ranked.min() if ranked.size else 0.0
        scores[rest] = lowest - 1 - np.arange(rest.size) / max(rest.size, 1)
        told: dict[str, list[Any]] = {}
        for name, values in said.told.items():
            told[name] = ["ok" if name == "status" else None] * question.candidates.size
            for place, value in zip(best, values, strict=True):
                told[name][place] = value
        return Scores(question.number, scores, told)
