"""A cluster for all tests of this folder, and how a project runs on it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from slurm.one_machine import OneMachine, why_not


@pytest.fixture(scope="session")
def cluster() -> Iterator[OneMachine]:
    """Slurm on this machine, or a skip that says why not."""
    if reason := why_not():
        pytest.skip(f"no Slurm here: {reason}")
    with OneMachine() as cluster:
        yield cluster


@pytest.fixture(autouse=True)
def _empty_queue(cluster: OneMachine) -> Iterator[None]:
    """What a failed test left in the queue is gone before the next one."""
    yield
    subprocess.run(["scancel", "--user=root"], env=cluster.environment)
