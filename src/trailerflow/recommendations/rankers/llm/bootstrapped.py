"""What LLMRank's three rankers share: films in the order of watching, and candidates in several shuffled orders."""

from __future__ import annotations

from collections.abc import Sequence

from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.llm.ordered import Ordered
from trailerflow.recommendations.rankers.llm.orders import borda
from trailerflow.recommendations.rankers.llm.ranker import Asked
from trailerflow.recommendations.rankers.llm.settings import DEFAULTS, ORDERS_LIMITS


class Bootstrapped(Ordered):
    """The prompt file makes the difference. The candidates are shuffled in every round, and the rounds merged."""

    source = "Hou et al., Large Language Models are Zero-Shot Rankers for Recommender Systems, ECIR 2024"
    defaults = {**DEFAULTS, "orders": 3}  # noqa: RUF012
    limits = ORDERS_LIMITS

    def together(self, scores: Floats, asked: Sequence[Asked]) -> Floats:
        """The Borda count over the rounds."""
        return borda(scores)
