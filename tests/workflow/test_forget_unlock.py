"""``trailerflow forget`` and ``unlock`` beside real Snakemake runs of a toy workflow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

SOURCE = Path(__file__).parents[2] / "src"
SNAKEFILE = r"""
import os
from pathlib import Path
from trailerflow.servers.warm_server import RUN_VARIABLE, run_identity

os.environ.update({RUN_VARIABLE: run_identity(Path.cwd())})
MOVIES = ["1", "2"]
OUTCOME = '{{"movie": "{wildcards.movie}", "rule": "%s", "status": "%s", "reasons": ["told so"], "data": %s}}'

rule all:
    input:
        "results/merge_transcripts/merged.txt",
        expand("results/prepare_transcript/{movie}.json", movie=MOVIES),

rule find_trailer:
    output:
        "results/find_trailer/{movie}.json",
    shell:
        "sleep {config[seconds]}; echo '" + OUTCOME % ("find_trailer", "absent", "null") + "' > {output}"

rule prepare_transcript:
    input:
        "results/find_trailer/{movie}.json",
    output:
        "results/prepare_transcript/{movie}.json",
    shell:
        "echo '" + OUTCOME % ("prepare_transcript", "absent", "null") + "' > {output}"

rule merge_transcripts:
    input:
        expand("results/prepare_transcript/{movie}.json", movie=MOVIES),
    output:
        "results/merge_transcripts/merged.txt",
    shell:
        "cat {input} > {output}"
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    (tmp_path / "config.yaml").write_text("seconds: 0\n")
    return tmp_path


def snakemake(*options: str) -> list[str]:
    return [sys.executable, "-m", "snakemake", "--cores", "2", "--configfile", "config.yaml", *options]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
    )


def trailerflow(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-c", "from trailerflow.commands import main; main()", *words], folder)


def wait_for(condition, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def jobs_of(pid: int) -> list[psutil.Process]:
    return [child for child in psutil.Process(pid).children(recursive=True) if name_of(child) == "sleep"]


def name_of(process: psutil.Process) -> str:
    """The name of a process; empty where it has just ended."""
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


def test_what_is_forgotten_is_made_again_and_nothing_else(project: Path):
    assert run(snakemake(), project).returncode == 0
    said = trailerflow(
        project, "forget", "--status", "absent", "--rule", "find_trailer", "--movie", "2"
    ).stdout
    assert said.startswith("Deleted 1 absent outcome of find_trailer and 1 document made from them")
    again = run(snakemake(), project)
    assert again.returncode == 0
    finished = [line for line in again.stderr.splitlines() if line.startswith("Finished jobid")]
    assert sorted(line.rpartition("Rule: ")[2] for line in finished) == [
        "all)",
        "find_trailer)",
        "merge_transcripts)",
        "prepare_transcript)",
    ]
    assert "Nothing to be done" in run(snakemake(), project).stderr


def test_unlock_refuses_during_a_run_and_clears_up_after_a_kill(project: Path):
    (project / "config.yaml").write_text("seconds: 60\n")
    main = subprocess.Popen(
        snakemake(), cwd=project, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: len(jobs_of(main.pid)) == 2)
        jobs = jobs_of(main.pid)
        refused = trailerflow(project, "unlock")
        assert refused.returncode == 1 and f"process {main.pid}" in refused.stderr
        assert trailerflow(project, "forget", "--status", "absent", "--rule", "find_trailer").returncode == 1
    finally:
        main.send_signal(signal.SIGKILL)
        main.wait()
    assert all(job.is_running() for job in jobs)
    cleared = trailerflow(project, "unlock")
    assert cleared.returncode == 0, cleared.stderr
    assert "of a run that is over" in cleared.stdout and "Unlocked the folder" in cleared.stdout
    wait_for(lambda: not any(job.is_running() and job.status() != psutil.STATUS_ZOMBIE for job in jobs))
    (project / "config.yaml").write_text("seconds: 0\n")
    assert run(snakemake("--rerun-incomplete"), project).returncode == 0
