"""Yes-or-no questions: one token is generated, and the answer is how much likelier a yes is than a no."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from trailerflow.llm.first_token import ask_first_token
from trailerflow.llm.structured import Reading
from trailerflow.llm.types import Asks


def ask_yes_no(client: Asks, messages: list[dict[str, str]]) -> Reading[float]:
    """One token, and the score that its alternatives give; see `yes_no_score`.

    Raises:
        LaterError, RefusedError, TrailerflowError: As `trailerflow.llm.client.Client.ask`.
    """
    return ask_first_token(client, messages, yes_no_score, "neither yes nor no is")


def yes_no_score(logprobs: Mapping[str, float]) -> float | None:
    """Log-odds of a yes against a no at one token.

    Every spelling counts ("Yes", " yes", "YES"): their probabilities are added. A side that is not among the
    alternatives is at most as likely as the least likely of them; it gets that log-probability less 1, so
    that it ranks below one that was just seen, whatever the tokenizer. A log-probability of minus infinity counts as
    not seen.

    Args:
        logprobs: Natural log-probability of each alternative.

    Returns:
        logP(yes) - logP(no), or None where neither is among the alternatives: the model did not answer.

    >>> round(yes_no_score({"Yes": -0.5, " yes": -2.0, "No": -1.5}), 3)
    1.201
    """
    seen = {token: logprob for token, logprob in logprobs.items() if math.isfinite(logprob)}
    sides: dict[str, list[float]] = {"yes": [], "no": []}
    for token, logprob in seen.items():
        letters = re.sub(r"[^a-z]", "", token.lower())
        if letters in sides:
            sides[letters].append(logprob)
    if not any(sides.values()):
        return None
    floor = min(seen.values()) - 1
    return _log_sum(sides["yes"] or [floor]) - _log_sum(sides["no"] or [floor])


def _log_sum(logprobs: Iterable[float]) -> float:
    values = list(logprobs)
    highest = max(values)
    return highest + math.log(sum(math.exp(value - highest) for value in values))
