"""The ranker ``listwise``: one ordered list of all films, as in the student report."""

from __future__ import annotations

from collections.abc import Sequence

from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.llm.ordered import Ordered
from trailerflow.recommendations.rankers.llm.ranker import Asked


class Listwise(Ordered):
    """The model is shown all films once, and its list is the order."""

    source = "Raj et al., IEEE Access 2024; Sun et al., Is ChatGPT Good at Search?, EMNLP 2023"

    def together(self, scores: Floats, asked: Sequence[Asked]) -> Floats:
        """The one list."""
        found: Floats = scores[:, 0]
        return found
