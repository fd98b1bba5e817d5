"""The ranker ``likelihood``: a likelihood from 0 to 10, for servers that give no log-probabilities."""

from __future__ import annotations

from trailerflow.llm.structured import Reading, ask_form
from trailerflow.recommendations.rankers.llm.pointwise import Pointwise, said_of
from trailerflow.recommendations.rankers.llm.ranker import Said
from trailerflow.recommendations.rankers.llm.scoring import FORM

MAX_TOKENS = 24
"""An answer that names a likelihood takes about 8 tokens; the rest is room for white space."""


class Likelihood(Pointwise):
    """The model names how likely it is that the user likes the film, and that is the score."""

    source = "Zhuang et al., Beyond Yes and No: Improving Zero-Shot LLM Rankers, NAACL 2024"

    def most_tokens(self, films: int) -> int:
        """Room for one number in JSON."""
        return MAX_TOKENS

    def ask(self, messages: list[dict[str, str]], films: int) -> Reading[Said]:
        """A whole number from 0 to 10."""
        return said_of(ask_form(self.client, messages, FORM, MAX_TOKENS))
