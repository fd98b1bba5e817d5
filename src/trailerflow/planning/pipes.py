"""Snakemake looks for a pipe among all jobs before a job once for each file: too slow for a merge of all movies."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


def find_pipes_once(job_class: Any) -> None:
    """Have Snakemake find the pipes that a job reads once, and not once a file. The answer is the same.

    As it is, its work grows with the square of the files: a merge of 10,092 outcomes took 54 CPU s before it began.

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
