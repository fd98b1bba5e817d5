"""What Snakemake asks too often is asked once, and its answers stay."""

from __future__ import annotations

from collections.abc import ItemsView
from types import SimpleNamespace
from typing import ClassVar

from trailerflow.planning.wide_graphs import find_pipes_once, list_remaining_when_read


class Before(dict[object, set[str]]):
    """The jobs before a job, with the files that it reads of each; counts how often they are walked."""

    walks = 0

    def items(self) -> ItemsView[object, set[str]]:
        """The same as of any mapping."""
        self.walks += 1
        return super().items()


class Maker:
    """A job that makes these pipes."""

    def __init__(self, *pipes: str) -> None:
        self.pipe_or_service_output = set(pipes)


def test_jobs_before_are_walked_once_for_all_files() -> None:
    class Job:
        def __init__(self, before: Before) -> None:
            self.dag = SimpleNamespace(dependencies={self: before})

        def is_pipe_or_service_input(self, path: str) -> bool:
            raise AssertionError("Snakemake's own")

    find_pipes_once(Job)
    one = Before({Maker(): {"a", "b"}, Maker("c", "elsewhere"): {"c", "d"}})
    other = Before({Maker("a"): {"a"}})
    job, another = Job(one), Job(other)
    assert [path for path in ("a", "b", "c", "d", "elsewhere") if job.is_pipe_or_service_input(path)] == ["c"]
    assert one.walks == 1
    assert another.is_pipe_or_service_input("a")


def test_the_jobs_that_remain_are_listed_when_they_are_read_and_as_they_are_then() -> None:
    class Scheduler:
        jobs: ClassVar[list[str]] = ["a", "b"]
        lists = 0

        @property
        def remaining_jobs(self) -> list[str]:
            self.lists += 1
            return [*self.jobs]

    list_remaining_when_read(Scheduler)
    scheduler = Scheduler()
    first = scheduler.remaining_jobs
    assert scheduler.lists == 0
    assert (list(first), len(first), first[0], "b" in first, bool(first)) == (["a", "b"], 2, "a", True, True)
    assert scheduler.lists == 1
    scheduler.jobs = []
    assert not scheduler.remaining_jobs


def test_another_snakemake_stays_as_it_is() -> None:
    class Job:
        pass

    find_pipes_once(Job)
    list_remaining_when_read(Job)
    assert not hasattr(Job, "is_pipe_or_service_input")
    assert not hasattr(Job, "remaining_jobs")
