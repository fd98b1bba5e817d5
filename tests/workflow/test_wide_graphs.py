"""A workflow that ours is used by as a module may have pipes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WITH_A_PIPE = """
from snakemake.jobs import Job
from snakemake.scheduling.job_scheduler import JobScheduler
from trailerflow.planning.wide_graphs import find_pipes_once, list_remaining_when_read

find_pipes_once(Job)
list_remaining_when_read(JobScheduler)

rule all:
    input: "read.txt"

rule plain:
    output: "plain.txt"
    shell: "echo from a file > {output}"

rule spoken:
    output: pipe("spoken.txt")
    shell: "echo through a pipe > {output}"

rule read:
    input: "plain.txt", "spoken.txt"
    output: "read.txt"
    shell: "cat {input} > {output}"
"""


@pytest.mark.parametrize("scheduler", ["greedy", "ilp"])
def test_snakemake_still_runs_a_pipe(tmp_path: Path, scheduler: str) -> None:
    (tmp_path / "Snakefile").write_text(WITH_A_PIPE)
    run = [sys.executable, "-m", "snakemake", "--cores", "2", "--quiet", "all", "--scheduler", scheduler]
    subprocess.run(run, cwd=tmp_path, check=True, timeout=120)
    assert (tmp_path / "read.txt").read_text() == "from a file\nthrough a pipe\n"
