"""Ctrl-C, kill -9 and a full disk in mid-run: nothing half-written, nothing lost, and the run goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from workflow.projects import small_sample

pytestmark = pytest.mark.slow


def start(workflow, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        workflow.command(*arguments), cwd=workflow.folder, start_new_session=True, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for_documents(workflow, count: int) -> None:
    deadline = time.monotonic() + 120
    while len(list((workflow.folder / "results").rglob("*.json"))) < count:
        assert time.monotonic() < deadline, "the run made no documents"
        time.sleep(0.05)


def assert_whole(workflow) -> None:
    documents = list((workflow.folder / "results").rglob("*.json"))
    assert documents
    for path in documents:
        json.loads(path.read_text())


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_the_next_run_goes_on(workflow, kind):
    small_sample(workflow, subtitles=7)
    run = start(workflow, "trailers")
    wait_for_documents(workflow, 25)
    if kind == signal.SIGINT:
        os.killpg(run.pid, kind)
    else:
        os.kill(run.pid, kind)
    run.wait(timeout=120)
    assert_whole(workflow)
    unlock = "from trailerflow.commands import main; main()"
    subprocess.run([sys.executable, "-c", unlock, "unlock"], cwd=workflow.folder, check=True)
    kept = {
        path: path.stat().st_mtime_ns for path in (workflow.folder / "results/find_trailer").glob("*.json")
    }
    workflow.run("trailers")
    assert_whole(workflow)
    again = [path for path, before in kept.items() if path.stat().st_mtime_ns != before]
    assert len(again) <= 4  # only what was at work when the run ended
    assert not list((workflow.folder / "results").rglob("*.part"))


@pytest.mark.skipif(os.geteuid() != 0, reason="a full disk is made by mounting a small one, as root")
def test_a_full_disk_is_told_in_one_sentence(workflow):
    small_sample(workflow, subtitles=7)
    results = workflow.folder / "results"
    results.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(results)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        done = workflow.run("trailers", check=False)
        assert done.returncode != 0
        assert "No space is left on the disk" in done.stdout + done.stderr
        assert_whole(workflow)
    finally:
        subprocess.run(["umount", str(results)], check=True)
