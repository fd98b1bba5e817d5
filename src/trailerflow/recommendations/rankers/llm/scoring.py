"""What an answer scores."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from trailerflow.llm.structured import Form, UnreadableError

LIKELIHOODS = range(11)
SCHEMA = {
    "type": "object",
    "properties": {"likelihood": {"type": "integer", "minimum": 0, "maximum": 10}},
    "required": ["likelihood"],
    "additionalProperties": False,
}


def read_likelihood(document: Any) -> int:
    """Read an answer that must keep to `SCHEMA`.

    Raises:
        UnreadableError: It is no object with the one key "likelihood", a whole number from 0 to 10.

    >>> read_likelihood({"likelihood": 7})
    7
    """
    if not isinstance(document, dict) or set(document) != {"likelihood"}:
        raise UnreadableError('the answer is no object with the one key "likelihood"')
    value = document["likelihood"]
    if isinstance(value, bool) or not isinstance(value, int) or value not in LIKELIHOODS:
        raise UnreadableError(f"the likelihood is {str(value)[:40]!r}, no whole number from 0 to 10")
    return value


FORM: Form[float] = Form(SCHEMA, read_likelihood)


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
