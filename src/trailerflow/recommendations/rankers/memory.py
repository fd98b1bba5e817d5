"""Whether what a ranker is about to make fits into the memory that is free."""

from __future__ import annotations

import psutil

from trailerflow.errors import TrailerflowError

GIB = 2**30


def require_memory(what: str, needed: int, way_out: str) -> None:
    """Refuse work that would not fit, before it starts.

    Args:
        what: What is to be made, for the sentence of the error.
        needed: Bytes at its peak.
        way_out: What to do instead.

    Raises:
        TrailerflowError: Less memory is free.
    """
    free = psutil.virtual_memory().available
    if needed > free:
        raise TrailerflowError(
            f"{what} needs {needed / GIB:.1f} GiB of memory, and {free / GIB:.1f} GiB are free; {way_out}."
        )
