"""The sample through a real Slurm by the profile: which jobs are submitted, where to, and what they ask for."""

from __future__ import annotations

from collections import Counter

from slurm.clustered import rows_of, run, small_project
from slurm.one_machine import OneMachine
from workflow.projects import Workflow

from trailerflow.outcomes import read_outcome


def test_speech_alone_gets_a_gpu_and_one_submission_has_the_jobs_of_many_movies(
    workflow: Workflow, cluster: OneMachine
) -> None:
    movies = small_project(workflow, subtitles=2)
    before = len(cluster.jobs())
    printed = run(workflow, cluster, "trailers", "results/merge_summaries/summaries.parquet")
    jobs = {job.rule: job for job in cluster.jobs()[before:]}
    # All else is for the node that Snakemake runs on.
    assert {rule.split("_", 1)[0] for rule in jobs} == {"transcribing", "summarising"}
    assert Counter(job.state for job in jobs.values()) == {"COMPLETED": 2}
    hearing, writing = (
        next(job for rule, job in jobs.items() if rule.startswith(name)) for name in ("tr", "su")
    )
    assert (hearing.partition, hearing.nodes, hearing.gpus) == ("gpu", "gpu1", 1)
    assert (writing.partition, writing.gpus) == ("cpu", 0)
    # Jobs run side by side on the cores of a submission, and not on more.
    assert [hearing.cpus, writing.cpus] == [4, 4]
    assert all(read_outcome(workflow.folder / f"results/prepare_transcript/{movie}.json") for movie in movies)
    assert rows_of(workflow, "merge_summaries/summaries.parquet") == len(movies)
    assert "transcripts  3 ok · 2 absent" in printed


def test_no_gpu_is_asked_for_where_there_is_nothing_to_hear(workflow: Workflow, cluster: OneMachine) -> None:
    small_project(workflow, subtitles=3, sound=False)
    before = len(cluster.jobs())
    run(workflow, cluster, "trailers")
    (job,) = cluster.jobs()[before:]
    assert (job.partition, job.gpus, job.state) == ("cpu", 0, "COMPLETED")
    assert "Nothing to be done" in run(workflow, cluster, "trailers")
    assert len(cluster.jobs()) == before + 1
