"""The ranker ``one_letter``: which film a language model would name first, by one pass over the prompt."""

from __future__ import annotations

from collections.abc import Sequence

from trailerflow.llm.structured import Reading
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.llm.letters import letter_by_log_probability
from trailerflow.recommendations.rankers.llm.lists import AllAtOnce
from trailerflow.recommendations.rankers.llm.ranker import Asked, Said
from trailerflow.recommendations.rankers.llm.settings import DEFAULTS, ORDERS_LIMITS


class OneLetter(AllAtOnce):
    """All films bear letters, one token is generated, and a film's score is the log-probability of its letter.

    Over several orders it is the mean.
    """

    source = "Reddy et al., FIRST: Faster Improved Listwise Reranking with Single Token Decoding, EMNLP 2024"
    defaults = {**DEFAULTS, "orders": 1}  # noqa: RUF012
    limits = ORDERS_LIMITS
    needs_log_probabilities = True
    stand_in = "likelihood"

    def most_tokens(self, films: int) -> int:
        """One."""
        return 1

    def ask(self, messages: list[dict[str, str]], films: int) -> Reading[Said]:
        """One token, and what its alternatives give each letter."""
        return letter_by_log_probability(self.client, messages, films)

    def together(self, scores: Floats, asked: Sequence[Asked]) -> Floats:
        """The mean over orders."""
        found: Floats = scores.mean(axis=1)
        return found
