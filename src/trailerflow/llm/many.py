"""Many requests at a time, so that the model's slots are full.

One Python process sends some 200 requests a second at most, since its threads take turns. A model with many slots is asked
by several processes, forks of this one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.model import processes_of

Item = TypeVar("Item")
Result = TypeVar("Result")


def ask_many(
    items: Sequence[Item],
    ask: Callable[[Item], Result],
    *,
    workers: int,
    groups: Sequence[Hashable] | None = None,
) -> Iterator[tuple[int, Result | LaterError | RefusedError]]:
    """Ask about many items, and give each answer as it comes.

    Args:
        items: What to ask about.
        ask: Asks about one; it raises LaterError or RefusedError where there is no answer. Of what it changes nothing is
            seen here, since it may run in another process; what it gives goes through `pickle`.
        workers: How many are worked on at a time, `trailerflow.llm.model.LanguageModel.workers`.
        groups: Group of each item. Those of a group are asked about one after another, so that a server that keeps
            prompts reads what they begin with once (on two cores 60 s instead of 92 s for four users' films).
            None: every item is its own group.

    Yields:
        The item's number, and what was answered or why there is no answer.

    Raises:
        Exception: Any other error of ``ask``; what was not begun by then is not asked.
    """
    members: dict[Hashable, list[int]] = {}
    for number in range(len(items)):
        members.setdefault(groups[number] if groups else number, []).append(number)
    numbers = list(members.values())
    processes = _processes(workers, len(numbers))
    if processes == 1:
        yield from _by_threads(items, ask, workers, numbers)
        return
    from trailerflow.llm.forks import forked, next_result  # most models are asked without

    with ExitStack() as stack:
        parts = [
            stack.enter_context(
                forked(partial(_by_threads, items, ask, workers // processes, numbers[first::processes]))
            )
            for first in range(processes)
        ]
        for _ in items:
            yield next_result(parts)


def _processes(workers: int, groups: int) -> int:
    """How many processes the workers are dealt out to; one where there is not more to ask than they take at once."""
    if groups <= workers:
        return 1
    return min(processes_of(workers), len(os.sched_getaffinity(0)))


def _by_threads(
    items: Sequence[Item], ask: Callable[[Item], Result], workers: int, groups: Sequence[Sequence[int]]
) -> Iterator[tuple[int, Result | LaterError | RefusedError]]:
    """Ask about groups of items, given by their numbers, by threads of this process; see `ask_many`."""
    results: SimpleQueue[tuple[int, Result | Exception]] = SimpleQueue()

    def one(item: Item) -> Result | Exception:
        try:
            return ask(item)
        except Exception as error:  # of any kind: the caller's thread raises it
            return error

    def work(numbers: Sequence[int]) -> None:
        for number in numbers:
            if not stopping.is_set():
                results.put((number, one(items[number])))

    stopping = threading.Event()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for numbers in groups:
                pool.submit(work, numbers)
            for _ in range(sum(map(len, groups))):
                number, result = results.get()
                if isinstance(result, Exception) and not isinstance(result, LaterError | RefusedError):
                    raise result
                yield number, result
        except BaseException:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
