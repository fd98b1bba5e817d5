"""A job's pipes are found once, and Snakemake's answer stays."""

from __future__ import annotations

from collections.abc import ItemsView
from types import SimpleNamespace

from trailerflow.planning.pipes import find_pipes_once


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


def test_another_snakemake_stays_as_it_is() -> None:
    class Job:
        pass

    find_pipes_once(Job)
    assert not hasattr(Job, "is_pipe_or_service_input")
