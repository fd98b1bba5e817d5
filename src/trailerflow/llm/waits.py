"""How long a service asks to wait, in every form in which services say so. A time beyond reason counts as none."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from typing import Any

from trailerflow.retry import LONGEST_WAIT_SECONDS, retry_after

_UNITS = {
    "d": 86_400.0, "day": 86_400.0, "h": 3600.0, "hr": 3600.0, "hour": 3600.0, "m": 60.0, "min": 60.0, "minute": 60.0,
    "s": 1.0, "sec": 1.0, "second": 1.0, "ms": 1e-3, "millisecond": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
}  # fmt: skip
_PART = (
    r"(\d+(?:\.\d+)?)\s*(milliseconds?|ms|us|µs|ns|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)"
)
_SPAN = re.compile(rf"{_PART}(?=$|[\s,\d])")
_ASKED = re.compile(
    rf"(?:try again|retry|wait|available|reset\w*)\b[^.\d]{{0,30}}?((?:{_PART}[\s,]*(?:and\s+)?)+)",
    re.IGNORECASE,
)
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 1e9, 1e11
"""A number above these is no length of time but a date: seconds or milliseconds since 1970."""


def span_seconds(text: str) -> float | None:
    """Seconds of a length of time as rate-limit headers write it, or until a date, or None.

    A date may be ISO 8601, or seconds or milliseconds since 1970. None as well for what is further than thirty days.

    >>> span_seconds("2m59.56s"), span_seconds("12ms"), span_seconds("7"), span_seconds("soon"), span_seconds("inf")
    (179.56, 0.012, 7.0, None, None)
    """
    text = text.strip()
    seconds = _number(text)
    if seconds is None:
        seconds = _parts(text)
    if seconds is None:
        seconds = _until(text)
    return max(0.0, seconds) if seconds is not None and seconds <= LONGEST_WAIT_SECONDS else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    if value >= _EPOCH_MILLISECONDS:
        return value / 1000 - time.time()
    return value - time.time() if value >= _EPOCH_SECONDS else value


def _parts(text: str) -> float | None:
    """Seconds of numbers with units, where the text is nothing else."""
    parts = _SPAN.findall(text)
    if not parts or _SPAN.sub("", text).strip(" ,"):
        return None
    return sum(
        float(number) * _UNITS[unit if unit in _UNITS else unit.removesuffix("s")] for number, unit in parts
    )


def _until(text: str) -> float | None:
    from datetime import UTC, datetime  # seldom needed, and lean programs do without

    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return date.timestamp() - time.time()


def wait_seconds(headers: Mapping[str, str], document: Any, words: str) -> float | None:
    """Seconds that a service asks to wait, or None where it does not say, or says what is beyond reason.

    Args:
        headers: The reply's headers, with names in lower case.
        document: Its JSON document.
        words: What it says.
    """
    named = [
        _retry_after(headers.get("retry-after", "")),
        _milliseconds(headers.get("retry-after-ms", "")),
        _in_document(document),
        _in_words(words),
    ]
    first = next((seconds for seconds in named if seconds is not None), None)
    if first is not None:
        return first
    resets = [
        span_seconds(headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{what}") == "0"
    ]
    resets.append(span_seconds(headers.get("x-ratelimit-reset", "")))
    return max((reset for reset in resets if reset is not None), default=None)


def _retry_after(text: str) -> float | None:
    """What the header of HTTP names; a number that is no length of time but a date is read as one, too."""
    return span_seconds(text) if _number(text) is not None else retry_after({"Retry-After": text})


def _milliseconds(text: str) -> float | None:
    return span_seconds(f"{text}ms") if text.strip() else None


def _in_words(words: str) -> float | None:
    found = _ASKED.search(words)
    return span_seconds(found[1].lower().replace("and", "").strip(" ,.")) if found else None


def _in_document(document: Any) -> float | None:
    """What an error's document names beside its words: Google's ``retryDelay``, or ``retry_after``."""
    if isinstance(document, list):
        return next((found for part in document if (found := _in_document(part)) is not None), None)
    if not isinstance(document, Mapping):
        return None
    for name, value in document.items():
        if name in ("retryDelay", "retry_after", "retry_after_seconds", "X-RateLimit-Reset"):
            if not isinstance(value, bool) and isinstance(value, str | int | float):
                return span_seconds(str(value))
        elif isinstance(value, Mapping | list) and (found := _in_document(value)) is not None:
            return found
    return None
