"""What goes wrong on a cluster, made for real: the run goes on by itself and ends well."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from slurm.clustered import running, small_project
from slurm.one_machine import OneMachine, Submitted, waited
from workflow.projects import Workflow

from trailerflow.outcomes import read_outcome

LONG = 300
"""Seconds that a run may take here."""


def until(cluster: OneMachine, is_so: Callable[[list[Submitted]], bool], before: int) -> list[Submitted]:
    """Wait for something to become so of the jobs that came after a number of jobs."""
    assert waited(lambda: is_so(cluster.jobs()[before:]), LONG), cluster.jobs()[before:]
    return cluster.jobs()[before:]


def is_running(jobs: list[Submitted]) -> bool:
    """Whether the run's first submission runs."""
    return bool(jobs) and jobs[0].state == "RUNNING"


def put_back(cluster: OneMachine, before: int) -> None:
    """Wait until Slurm has put the first job back into its queue, and spare the test the two minutes that it waits there."""
    job, *_ = until(cluster, lambda jobs: jobs[0].restarts == 1 and jobs[0].state == "PENDING", before)
    cluster.asked("scontrol", "update", f"JobId={job.number}", "StartTime=now")


def ended_well(process: subprocess.Popen[str], workflow: Workflow, movies: list[str]) -> str:
    """Check that a run ended well with every movie's transcript, and give what it printed."""
    printed, _ = process.communicate(timeout=LONG)
    assert process.returncode == 0, printed[-6000:]
    for movie in movies:
        assert read_outcome(workflow.folder / f"results/prepare_transcript/{movie}.json").status == "ok"
    return printed


def test_a_node_that_dies_gives_its_jobs_to_another(workflow: Workflow, cluster: OneMachine) -> None:
    movies = small_project(workflow, subtitles=3, sound=False)
    before = len(cluster.jobs())
    with running(workflow, cluster, "trailers") as process:
        (job,) = until(cluster, is_running, before)
        cluster.kill_node(job.nodes)
        try:
            put_back(cluster, before)
            ended_well(process, workflow, movies)
        finally:
            cluster.start_node(job.nodes)
    (again,) = cluster.jobs()[before:]
    assert (again.state, again.restarts) == ("COMPLETED", 1)
    assert again.nodes != job.nodes
    assert waited(lambda: cluster.states().count("idle") == 3, LONG)


def test_a_job_that_is_preempted_runs_later(workflow: Workflow, cluster: OneMachine) -> None:
    movies = small_project(workflow, subtitles=3, sound=False)
    before = len(cluster.jobs())
    with running(workflow, cluster, "trailers") as process:
        (job,) = until(cluster, is_running, before)
        urgent = cluster.asked(
            "sbatch", "--parsable", "--partition=urgent", f"--nodelist={job.nodes}", "--exclusive", "--time=1",
            "--output=/dev/null", "--wrap", "sleep 3",
        ).strip()  # fmt: skip
        put_back(cluster, before)
        ended_well(process, workflow, movies)
    ours, other = cluster.jobs()[before:]
    assert (ours.state, ours.restarts, other.number) == ("COMPLETED", 1, urgent)


@pytest.mark.long
def test_a_job_over_its_time_gets_more_at_the_next_attempt(workflow: Workflow, cluster: OneMachine) -> None:
    movies = small_project(workflow, subtitles=3, sound=False)
    # Waits at its first attempt, as a job would whose model is slow.
    workflow.replace(
        "rules/trailers.smk",
        'python -I -S "$TRAILERFLOW_CODE"/scripts/served.py transcribe_trailer',
        '[ -e tried ] || {{ touch tried; sleep 600; }}; '
        'python -I -S "$TRAILERFLOW_CODE"/scripts/served.py transcribe_trailer',
    )  # fmt: skip
    before = len(cluster.jobs())
    with running(workflow, cluster, "trailers") as process:
        (job,) = until(cluster, is_running, before)
        assert waited(Path(workflow.folder / "tried").exists, LONG)
        cluster.asked("scontrol", "update", f"JobId={job.number}", "TimeLimit=1")
        ended_well(process, workflow, movies)
    first, second = cluster.jobs()[before:]
    assert (first.state, second.state) == ("TIMEOUT", "COMPLETED")
    assert (second.minutes, second.megabytes) == (2 * job.minutes, 2 * job.megabytes)


@pytest.mark.long
def test_a_queue_that_is_full_is_asked_again(workflow: Workflow) -> None:
    movies = small_project(workflow, subtitles=3, sound=False)
    with OneMachine(most_jobs=2, forgets_after=30) as cluster:  # one, and none beside it
        other = cluster.asked(
            "sbatch", "--parsable", "--hold", "--output=/dev/null", "--wrap", "true"
        ).strip()
        with running(workflow, cluster, "trailers") as process:
            assert waited(cluster.refused, LONG)
            cluster.asked("scancel", other)
            ended_well(process, workflow, movies)


@pytest.mark.long
def test_an_interrupted_run_cancels_its_jobs_and_the_same_command_goes_on(
    workflow: Workflow, cluster: OneMachine
) -> None:
    movies = small_project(workflow, subtitles=3, sound=False)
    before = len(cluster.jobs())
    with running(workflow, cluster, "trailers") as process:
        until(cluster, is_running, before)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LONG)
    assert process.returncode != 0
    (job,) = until(cluster, lambda jobs: jobs[0].state == "CANCELLED", before)
    with running(workflow, cluster, "trailers") as process:
        ended_well(process, workflow, movies)
    assert [again.state for again in cluster.jobs()[before:] if again.number != job.number] == ["COMPLETED"]
