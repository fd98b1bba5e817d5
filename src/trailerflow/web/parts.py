"""Parts of a site's JSON, each of the type that it should have; what is of another type counts as missing."""

from __future__ import annotations

from typing import Any

LONGEST_TEXT = 10_000
LARGEST_NUMBER = 2**53
LONGEST_SECONDS = 7 * 86_400.0
"""A longer duration counts as this one; no video is longer than half a day."""


def text_of(value: Any, most: int = LONGEST_TEXT) -> str:
    """A text, cut after so many letters; empty where it is none."""
    return value[:most] if isinstance(value, str) else ""


def number_of(value: Any) -> int | None:
    """A whole number of a record, above 0, or None."""
    return value if type(value) is int and 0 < value < LARGEST_NUMBER else None


def seconds_of(value: Any) -> float | None:
    """A duration in seconds, above 0, or None."""
    return min(value, LONGEST_SECONDS) if type(value) in (int, float) and value > 0 else None


def records_of(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
