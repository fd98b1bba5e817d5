"""Many requests at a time, so that the model's slots are full.

One Python process sends some 200 requests a second at most, since its threads take turns. A model with many slots is asked
by several processes, forks of this one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.model import processes_of

LAST_PART = 3
"""This part of the workers' number of groups comes last and is not kept together."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def ask_many(
    items: Sequence[Item],
    ask: Callable[[Item], Result],
    *,
    workers: int,
    groups: Sequence[Hashable] | None = None,
    prepare: Callable[[], None] = lambda: None,
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
        prepare: Does what every fork of this process would else do, `trailerflow.llm.client.Client.prepare`.

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
        yield from _by_threads(items, ask, min(workers, len(numbers)), partial(next, iter(numbers), None))
        return
    from trailerflow.llm.forks import forked, next_result, shared_count  # most models are asked without

    prepare()
    count = shared_count()
    pieces = _pieces(numbers, workers // LAST_PART)
    part = partial(_by_threads, items, ask, workers // processes, lambda: _item(pieces, count()))
    with ExitStack() as stack:
        parts = [stack.enter_context(forked(part)) for _ in range(processes)]
        for _ in items:
            yield next_result(parts)


def _processes(workers: int, groups: int) -> int:
    """How many processes the workers are dealt out to; one where there is not more to ask than they take at once."""
    return processes_of(workers) if groups > workers else 1


def _pieces(groups: Sequence[list[int]], last: int) -> list[list[int]]:
    """What is asked about one after another: the groups, and the items of the last ones each for itself.

    Else a few long groups would be left at the end, and most slots be empty.
    """
    whole = max(0, len(groups) - last)
    return [*groups[:whole], *([number] for group in groups[whole:] for number in group)]


def _item(items: Sequence[Item], place: int) -> Item | None:
    return items[place] if place < len(items) else None


def _by_threads(
    items: Sequence[Item],
    ask: Callable[[Item], Result],
    workers: int,
    take: Callable[[], Sequence[int] | None],
) -> Iterator[tuple[int, Result | LaterError | RefusedError]]:
    """Ask by threads of this process.

    Args:
        items: What to ask about.
        ask: Asks about one.
        workers: How many threads.
        take: Gives the numbers of the items to ask about next, one after another, or None where there are no more.
    """
    results: SimpleQueue[tuple[int, Result | Exception] | None] = SimpleQueue()
    stopping, taking = threading.Event(), threading.Lock()

    def one(item: Item) -> Result | Exception:
        try:
            return ask(item)
        except Exception as error:  # of any kind: the caller's thread raises it
            return error

    def work() -> None:
        while not stopping.is_set():
            with taking:
                numbers = take()
            if numbers is None:
                break
            for number in numbers:
                if not stopping.is_set():
                    results.put((number, one(items[number])))
        results.put(None)

    with ThreadPoolExecutor(max(1, workers)) as pool:
        try:
            for _ in range(workers):
                pool.submit(work)
            going = workers
            while going:
                told = results.get()
                if told is None:
                    going -= 1
                    continue
                number, result = told
                if isinstance(result, Exception) and not isinstance(result, LaterError | RefusedError):
                    raise result
                yield number, result
        except BaseException:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
