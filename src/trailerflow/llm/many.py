"""Many requests at a time, so that the model's slots are full."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from trailerflow.errors import LaterError, RefusedError

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
        ask: Asks about one; it raises LaterError or RefusedError where there is no answer.
        workers: How many are worked on at a time, `trailerflow.llm.model.LanguageModel.workers`.
        groups: Group of each item. Those of a group are asked about one after another, so that a server that keeps
            prompts reads what they begin with once (on two cores 60 s instead of 92 s for four users' films).
            None: every item is its own group.

    Yields:
        The item's number, and what was answered or why there is no answer.

    Raises:
        Exception: Any other error of ``ask``; what was not begun by then is not asked.
    """
    results: SimpleQueue[tuple[int, Result | Exception]] = SimpleQueue()
    members: dict[Hashable, list[int]] = {}
    for number in range(len(items)):
        members.setdefault(groups[number] if groups else number, []).append(number)

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
            for numbers in members.values():
                pool.submit(work, numbers)
            for _ in items:
                number, result = results.get()
                if isinstance(result, Exception) and not isinstance(result, LaterError | RefusedError):
                    raise result
                yield number, result
        except BaseException:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
