"""The ranker ``yes_no``: how much likelier a language model finds a yes than a no."""

from __future__ import annotations

from trailerflow.llm.structured import Reading
from trailerflow.llm.yes_no import ask_yes_no
from trailerflow.recommendations.rankers.llm.pointwise import Pointwise, said_of
from trailerflow.recommendations.rankers.llm.ranker import Said


class YesNo(Pointwise):
    """One token is generated, and the score is logP(yes) - logP(no) among the alternatives to it."""

    needs_log_probabilities = True
    stand_in = "likelihood"
    source = "Zhuang et al., Beyond Yes and No: Improving Zero-Shot LLM Rankers, NAACL 2024"

    def most_tokens(self, films: int) -> int:
        """One."""
        return 1

    def ask(self, messages: list[dict[str, str]], films: int) -> Reading[Said]:
        """One token, and the score that its alternatives give."""
        return said_of(ask_yes_no(self.client, messages))
