"""How many tokens an answer took: the highest plausible figure of the server's, whose count is not believed, or none."""

from __future__ import annotations

import math
from typing import Any

MOST_TOKENS = 100_000_000
"""A larger count is no count: no context is a tenth as long."""


def counted(usage: Any) -> tuple[int, int] | None:
    """Tokens read and written by a server's usage; None where it does not count them.

    Some services tell the tokens of thinking beside those of the answer, and only the total holds both. So what was
    written is the most that the figures allow.

    Args:
        usage: ``usage`` of a completion, whatever it holds.

    >>> counted({"prompt_tokens": 32, "completion_tokens": 9, "total_tokens": 135})
    (32, 103)
    """
    if not isinstance(usage, dict):
        return None
    read, written = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if not read or written is None:
        return None
    details = usage.get("completion_tokens_details")
    thought = _count(details.get("reasoning_tokens")) if isinstance(details, dict) else None
    if thought is not None and thought > written:
        written += thought
    return read, max(written, (_count(usage.get("total_tokens")) or 0) - read)


def _count(value: Any) -> int | None:
    """A number of tokens, or None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if 0 <= value <= MOST_TOKENS else None
