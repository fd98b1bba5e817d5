"""Support as BERTScore's precision against windows of 100 words: what faithfulness takes of sentences."""

from __future__ import annotations

from collections.abc import Sequence

from trailerflow.summaries.faithfulness import STEP, WINDOW
from trailerflow.summaries.support.contract import ENCODER, Beside, Score, Support, Surroundings, best_windows


class BertScorePrecision(Support):
    """BERTScore's precision (Zhang et al., ICLR 2020) of a claim against the best window."""

    name = "bertscore"
    needs = frozenset({ENCODER})

    def __init__(self, surroundings: Surroundings) -> None:
        self._encoder = surroundings.encoder()

    def scores(self, films: Sequence[Beside]) -> list[list[Score]]:
        """All pairs in one call: a text is encoded once, however many pairs it is in."""
        return best_windows(films, WINDOW, STEP, self._encoder.support)
