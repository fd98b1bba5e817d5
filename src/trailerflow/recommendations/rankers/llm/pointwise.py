"""A language model that is asked about one film at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trailerflow.llm.structured import Reading
from trailerflow.recommendations.questions import Question
from trailerflow.recommendations.rankers.contract import Scores
from trailerflow.recommendations.rankers.llm.orders import Order
from trailerflow.recommendations.rankers.llm.ranker import Asked, LlmRanker, Said
from trailerflow.recommendations.rankers.llm.told import Told


class Pointwise(LlmRanker):
    """One question per user and film, and a score by each answer.

    A small model that is asked for an ordered list repeats the order it was shown; asked about one film at a time it cannot.
    """

    def asks_about(self, told: Told) -> list[Order]:
        """Each film by itself."""
        return [[place] for place in range(len(told.movies))]

    def scored(self, question: Question, told: Told, asked: Sequence[Asked]) -> Scores:
        """The score of each answer; a film without one has the status of its question."""
        scores = [np.nan if one.said is None else float(one.said.scores[0]) for one in asked]
        rows = {
            name: [one.row.get(name) for one in asked]
            for name in ("status", *self.tells)
            if name not in ("places", "order_scores", "repaired")
        }
        of_orders: dict[str, list[Any]] = {
            "places": [[] for _ in asked],
            "order_scores": [[] for _ in asked],
            "repaired": [one.reading is not None and one.reading.first_problem is not None for one in asked],
        }
        return Scores(question.number, np.array(scores, dtype=float), rows | of_orders)


def said_of(reading: Reading[float]) -> Reading[Said]:
    """The reading of a number as that of a film's score."""
    value = None if reading.value is None else Said(np.array([float(reading.value)]))
    return Reading(value, reading.problem, reading.first_problem, reading.answers)
