"""Work that several processes do at the same time."""

from __future__ import annotations

import multiprocessing
from typing import Any

_FORK = multiprocessing.get_context("fork")


def in_processes(number: int, work: Any, *arguments: Any) -> None:
    """Do the same work in so many processes at once, each of which must end well."""
    processes = [_FORK.Process(target=work, args=arguments) for _ in range(number)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
