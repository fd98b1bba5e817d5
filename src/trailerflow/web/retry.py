"""Immediate retries for what passes by itself: a server's slip, a connection that broke."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from trailerflow.errors import LaterError

PAUSES = (0.5, 2.0)
"""Seconds before the second and the third attempt, the last one."""

Answer = TypeVar("Answer")


class TransientError(Exception):
    """An attempt that failed in a way that may pass at once; the message says how."""


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
