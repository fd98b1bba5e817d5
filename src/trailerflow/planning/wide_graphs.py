"""Two questions that Snakemake asks too often where thousands of jobs stand side by side; the answers stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any


def find_pipes_once(job_class: Any) -> None:
    """Have Snakemake find the pipes that a job reads once, and not once a file.

    As it is, its work grows with the square of the files: a merge of 10,092 outcomes took 9 CPU s before it began.

    Args:
        job_class: Snakemake's class of jobs. It stays as it is where it has no such question (another version's).
    """
    if not hasattr(job_class, "is_pipe_or_service_input"):
        return

    @lru_cache(maxsize=1)  # all files of a job are asked for one after the other
    def pipes(job: Any) -> set[Any]:
        before = job.dag.dependencies[job]
        return {file for maker, files in before.items() for file in files & maker.pipe_or_service_output}

    def is_pipe_or_service_input(job: Any, path: Any) -> bool:
        return path in pipes(job)

    job_class.is_pipe_or_service_input = is_pipe_or_service_input


def list_remaining_when_read(scheduler_class: Any) -> None:
    """Have the jobs that remain listed when somebody reads the list, and not before each job.

    The greedy scheduler never reads it, and to list them before each job of 60,000 was half of Snakemake's work.

    Args:
        scheduler_class: Snakemake's class that runs jobs. It stays as it is where it has no such list (another version's).
    """
    remaining = getattr(scheduler_class, "remaining_jobs", None)
    if isinstance(remaining, property):
        scheduler_class.remaining_jobs = property(
            lambda scheduler: _WhenRead(lambda: remaining.__get__(scheduler))
        )


class _WhenRead(Sequence[Any]):
    """A list that is made when it is read.

    Args:
        make: Gives what it holds.
    """

    def __init__(self, make: Callable[[], Iterable[Any]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> list[Any]:
        return list(self._make())

    def __getitem__(self, place: Any) -> Any:
        return self._made[place]

    def __len__(self) -> int:
        return len(self._made)
