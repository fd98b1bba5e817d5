"""Rankers that give a film the same score for every user."""

from __future__ import annotations

from collections.abc import Iterator

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Scores


class SameForAll(Fitted):
    """Films with a score each.

    Args:
        scores: Shape (films,), by the films' codes.
    """

    def __init__(self, scores: Floats) -> None:
        self._scores = scores

    def score(self, questions: Questions) -> Iterator[Scores]:
        """A film's score."""
        for question in questions:
            yield Scores(question.number, self._scores[question.candidates])
