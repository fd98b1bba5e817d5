"""What an answer scores."""

from __future__ import annotations

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
