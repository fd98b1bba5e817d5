"""Forks of this process that do a part of its asking, and send what comes of it."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any

FORKS = multiprocessing.get_context("fork")
"""A fork has all that was made before it; the slots of a client are shared with it (`trailerflow.llm.client`)."""


def shared_count() -> Callable[[], int]:
    """A function that gives 0, 1, 2 and so on, each once, whichever fork calls it."""
    value = FORKS.Value("q", 0)

    def count() -> int:
        with value.get_lock():
            value.value += 1
            return int(value.value) - 1

    return count


@contextmanager
def forked(work: Callable[[], Iterable[Any]]) -> Iterator[Connection]:
    """A fork of this process that sends each result of some work, or the error that ended it.

    It ends with the block, and soon after this process, to which it can send nothing then.

    Args:
        work: Gives results. They go through `pickle`.

    Yields:
        What `next_result` reads.
    """
    ours, theirs = FORKS.Pipe(duplex=False)

    def run() -> None:
        ours.close()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that forked it ends it
        try:
            for result in work():
                theirs.send((result, None))
        except Exception as error:  # of any kind: the process that forked it raises it
            theirs.send((None, error))

    process = FORKS.Process(target=run, daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()
        ours.close()


def next_result(parts: Sequence[Connection]) -> Any:
    """What any of some forks sends next.

    Raises:
        Exception: The error of a fork.
        RuntimeError: All have ended.
    """
    while going := [part for part in parts if not part.closed]:
        for part in wait(going):
            assert isinstance(part, Connection)
            try:
                result, error = part.recv()
            except EOFError:
                part.close()
                continue
            if error is not None:
                raise error
            return result
    raise RuntimeError("a process that asked a language model ended before it was done")
