"""A project that runs on the cluster by its profile."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from slurm.one_machine import OneMachine
from workflow.projects import MODELS, TEST_MODEL, Workflow, small_genres, small_sample

from trailerflow.tables import read_table

SOON = (
    "--slurm-init-seconds-before-status-checks", "1", "--seconds-between-status-checks", "1", "--latency-wait", "10",
)  # fmt: skip
"""What a real cluster would find impolite."""
NO_ACCOUNTS = ("--slurm-no-account", "--slurm-status-command", "squeue")
"""This Slurm has no accounting database."""


def command(workflow: Workflow, *arguments: str) -> list[str]:
    """Snakemake's command by the profile."""
    given = workflow.command("--workflow-profile", "profiles/slurm", *SOON, *NO_ACCOUNTS, *arguments)
    cores = given.index("--cores")
    return given[:cores] + given[cores + 2 :]


def run(workflow: Workflow, cluster: OneMachine, *arguments: str, timeout: float = 900) -> str:
    """Run a project on the cluster to its end, and give what was printed."""
    done = subprocess.run(
        command(workflow, *arguments), cwd=workflow.folder, env=cluster.environment, capture_output=True, text=True,
        timeout=timeout,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-8000:]
    return done.stdout + done.stderr


@contextmanager
def running(workflow: Workflow, cluster: OneMachine, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A project that runs on the cluster while the test does something to it; ended with the test."""
    with subprocess.Popen(
        command(workflow, *arguments), cwd=workflow.folder, env=cluster.environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def small_project(workflow: Workflow, subtitles: int, *, sound: bool = True) -> list[str]:
    """Make a project of a few movies with small models.

    Returns:
        Ids of the movies: with subtitles, and where there is sound with one that speaks, a silent one and one without anything.
    """
    movies = small_sample(workflow, subtitles=subtitles)
    workflow.settings |= {
        "models": {
            "folder": str(MODELS),
            "llm": [TEST_MODEL],
            "speech": {"model": "faster-whisper-tiny.en", "threads": 1},
        },
        "summaries": {"words": 10, "prompts": ["zero_shot"]},
        "genres": small_genres("summary/smollm2/zero_shot"),
    }
    if not sound:
        table = workflow.folder / "resources/sample/movies.csv"
        table.write_text(
            "".join(table.read_text(encoding="utf-8").splitlines(keepends=True)[: subtitles + 1])
        )
        movies = movies[:subtitles]
    return movies


def rows_of(workflow: Workflow, table: str) -> int:
    """Rows of a table of results."""
    return len(read_table(workflow.folder / "results" / table))
