"""Questions that one token answers: the alternatives to it, with their log-probabilities, are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from trailerflow.llm.structured import Reading
from trailerflow.llm.types import Asks, Request

TOP_LOGPROBS = 20
"""Alternatives asked for at the first token: the most that OpenAI-compatible servers give."""

NO_LOGPROBS = "the server gives no log-probabilities of its tokens; set log_probabilities: false"

Value = TypeVar("Value")


def ask_first_token(
    client: Asks,
    messages: list[dict[str, str]],
    read: Callable[[Mapping[str, float]], Value | None],
    missing: str,
) -> Reading[Value]:
    """One token, and what its alternatives say.

    Args:
        client: The way to the model.
        messages: The question.
        read: What the natural log-probability of each alternative says; None where no answer is among them.
        missing: What is not among the alternatives then, such as "no letter of a film is".

    Raises:
        LaterError, RefusedError, TrailerflowError: As `trailerflow.llm.client.Client.ask`.
    """
    answer = client.ask(Request(messages, max_tokens=1, top_logprobs=TOP_LOGPROBS))
    value, problem = None, None
    if not answer.top_logprobs:
        problem = NO_LOGPROBS
    elif (value := read(answer.top_logprobs[0])) is None:
        problem = f"{missing} among the {len(answer.top_logprobs[0])} likeliest first tokens"
    return Reading(value, problem, problem, (answer,))
