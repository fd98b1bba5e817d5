"""Threads that do works one after another, each of which may be given up; to start one for each takes too long."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


class GivenUpError(Exception):
    """The work was not done in time, and goes on by itself."""


def do(work: Callable[[], Result], seconds: float) -> Result:
    """Do a work in another thread.

    Args:
        work: What to do.
        seconds: How long it may take.

    Raises:
        GivenUpError: It was not done in time.
        BaseException: What the work raised.
    """
    try:
        worker = _IDLE.pop()
    except IndexError:
        worker = _Worker()
    return worker.do(work, seconds)


class _Worker:
    def __init__(self) -> None:
        self._given: SimpleQueue[Callable[[], Any]] = SimpleQueue()
        self._done: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            work = self._given.get()
            try:
                self._done.put((work(), None))
            except BaseException as error:  # of any kind: the caller's thread raises it
                self._done.put((None, error))
            del work  # it may hold a large answer

    def do(self, work: Callable[[], Result], seconds: float) -> Result:
        """Do a work; where it is given up the thread is of no use any more."""
        self._given.put(work)
        try:
            result, error = self._done.get(timeout=seconds)
        except Empty:
            raise GivenUpError from None
        _IDLE.append(self)
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]


_IDLE: list[_Worker] = []
"""Workers that wait. A fork has none of their threads."""
os.register_at_fork(after_in_child=_IDLE.clear)
