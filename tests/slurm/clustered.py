"""A project that runs on the cluster by its profile."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from collections.abc import Iterator

from slurm.one_machine import OneMachine, Submitted
from workflow.projects import MODELS, TEST_MODEL, Workflow, small_genres

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
