"""A workflow that uses ours as a module may have pipes, and another scheduler."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow.folders import SETTINGS, Folder, snakemake
from workflow.projects import ROOT

WITH_A_PIPE = """
from snakemake.jobs import Job
from snakemake.scheduling.job_scheduler import JobScheduler

configfile: "mine.yaml"

module trailerflow:
    snakefile: {snakefile!r}
    config: config

use rule * from trailerflow as trailerflow_*

print(Job.is_pipe_or_service_input.__module__, JobScheduler.remaining_jobs.fget.__module__)

rule both:
    input: "read.txt", "results/prepare_transcript/home.json"

rule plain:
    output: "plain.txt"
    shell: "echo from a file > {{output}}"

rule spoken:
    output: pipe("spoken.txt")
    shell: "echo through a pipe > {{output}}"

rule read:
    input: "plain.txt", "spoken.txt"
    output: "read.txt"
    shell: "cat {{input}} > {{output}}"
"""


@pytest.mark.parametrize("scheduler", ["greedy", "ilp"])
def test_its_pipes_run_beside_our_jobs(tmp_path: Path, scheduler: str) -> None:
    folder = Folder(tmp_path / "mine")
    folder.write("mine.yaml", SETTINGS)
    folder.write("Snakefile", WITH_A_PIPE.format(snakefile=str(ROOT / "Snakefile")))
    said = snakemake(folder.path, "--scheduler", scheduler, "both")
    assert "trailerflow.planning.wide_graphs trailerflow.planning.wide_graphs" in said
    assert (folder.path / "read.txt").read_text() == "from a file\nthrough a pipe\n"
    assert folder.text()
