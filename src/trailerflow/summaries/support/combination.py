"""Support as the log-odds of several measures together, by weights that were learnt from labelled claims."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trailerflow.summaries.support import support_of
from trailerflow.summaries.support.contract import (
    ENCODER,
    NOTHING,
    TRANSCRIPTS,
    VECTORS,
    Beside,
    Score,
    Support,
    Surroundings,
)
from trailerflow.summaries.support.weights import read_weights

MEMBERS = ("coverage", "embedding", "bertscore")
"""Measures that ask no language model: claims are cheap to score by them."""


class Combination(Support):
    """A logistic regression over other measures; the window shown is the first one's."""

    name = "combination"
    needs = frozenset({ENCODER, VECTORS, TRANSCRIPTS})

    def __init__(self, surroundings: Surroundings) -> None:
        self._weights = read_weights(surroundings.weights)
        self._members = [support_of(name, surroundings) for name in self._weights.members]

    def scores(self, films: Sequence[Beside]) -> list[list[Score]]:
        """The members' scores put together; `NOTHING` where one of them has none."""
        by_member = [member.scores(films) for member in self._members]
        return [
            [self._joined(claim) for claim in zip(*rows, strict=True)]
            for rows in zip(*by_member, strict=True)
        ]

    def _joined(self, scores: Sequence[Score]) -> Score:
        value = float(self._weights.log_odds(np.array([[score.value for score in scores]]))[0])
        return NOTHING if np.isnan(value) else Score(value, scores[0].window)
