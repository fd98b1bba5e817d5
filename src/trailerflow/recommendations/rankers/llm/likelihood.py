"""The ranker ``likelihood``: a likelihood from 0 to 10, for servers that give no log-probabilities."""

from __future__ import annotations

from trailerflow.llm.structured import Reading
from trailerflow.recommendations.rankers.llm.asking import ask_likelihood
from trailerflow.recommendations.rankers.llm.pointwise import Pointwise


class Likelihood(Pointwise):
    """The model names how likely it is that the user likes the film, and that is the score."""

    source = "Zhuang et al., Beyond Yes and No: Improving Zero-Shot LLM Rankers, NAACL 2024"

    def ask(self, messages: list[dict[str, str]]) -> Reading[float]:
        """A whole number from 0 to 10."""
        return ask_likelihood(self.client, messages)
