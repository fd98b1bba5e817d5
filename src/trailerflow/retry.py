"""Immediate retries for what passes by itself: a server's slip, a connection that broke."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from trailerflow.errors import LaterError

PAUSES = (0.5, 2.0)
"""Seconds before the second and the third attempt, the last one."""

LONGEST_WAIT_SECONDS = 30 * 86_400.0
"""What a server names beyond this is cut to it."""

Answer = TypeVar("Answer")


class TransientError(Exception):
    """An attempt that failed in a way that may pass at once; the message says how."""


class UnsentError(TransientError):
    """An attempt that did not reach the server, so that it cost nothing."""


def retrying(attempt: Callable[[], Answer]) -> Answer:
    """Make an attempt, and again at once where it fails in a way that may pass.

    Args:
        attempt: What to try; it raises `TransientError` where trying again may help.

    Returns:
        What the first good attempt returned.

    Raises:
        LaterError: Every attempt failed.
    """
    for pause in PAUSES:
        try:
            return attempt()
        except TransientError:
            time.sleep(pause)
    try:
        return attempt()
    except TransientError as error:
        raise LaterError(f"{error}, {len(PAUSES) + 1} times") from None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a ``Retry-After`` header names, as a number or a date, or None."""
    from email.utils import parsedate_to_datetime  # lean programs that are never refused do without

    named = headers.get("Retry-After", "")
    try:
        seconds = float(named)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(named).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS) if math.isfinite(seconds) else None
