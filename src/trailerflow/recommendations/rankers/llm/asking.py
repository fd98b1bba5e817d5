"""How a language model is asked about a film."""

from __future__ import annotations

from trailerflow.llm.structured import Reading, ask_form
from trailerflow.llm.types import Asks, Request
from trailerflow.recommendations.rankers.llm.scoring import FORM, yes_no_score

TOP_LOGPROBS = 20
"""Alternatives asked for at the first token: the most that OpenAI-compatible servers give."""

MAX_TOKENS = 24
"""An answer that names a likelihood takes about 8 tokens; the rest is room for white space."""


def ask_yes_no(client: Asks, messages: list[dict[str, str]]) -> Reading[float]:
    """One token, and the score that its alternatives give."""
    answer = client.ask(Request(messages, max_tokens=1, top_logprobs=TOP_LOGPROBS))
    score, problem = None, None
    if not answer.top_logprobs:
        problem = "the server gives no log-probabilities of its tokens; set log_probabilities: false"
    elif (score := yes_no_score(answer.top_logprobs[0])) is None:
        problem = f"neither yes nor no is among the {len(answer.top_logprobs[0])} likeliest first tokens"
    return Reading(score, problem, problem, (answer,))


def ask_likelihood(client: Asks, messages: list[dict[str, str]]) -> Reading[float]:
    """A likelihood from 0 to 10."""
    return ask_form(client, messages, FORM, MAX_TOKENS)
