"""A cluster's executor without --cores: every job is submitted, and asks for what it uses."""

from __future__ import annotations

import json
import subprocess
import sys

from workflow.projects import MODELS, TEST_MODEL, Workflow, small_genres, small_sample

SUBMIT = """#!/bin/sh
sed -n 's/^# properties = //p' "$1" >> submitted.jsonl
bash "$1" > /dev/null 2>&1
echo $$
"""
"""Runs a job at once, as a cluster of one node would, and notes what it asked for."""


def submitted(workflow: Workflow, *targets: str) -> dict[str, dict]:
    """Run a workflow on the cluster, and give the properties of each rule's job."""
    (workflow.folder / "submit.sh").write_text(SUBMIT)
    workflow.command()
    command = [
        sys.executable, "-m", "snakemake", *targets, "--executor", "cluster-generic", "--jobs", "2",
        "--cluster-generic-submit-cmd", "sh submit.sh", "--configfile", "test.yaml",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=workflow.folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    jobs = [json.loads(line) for line in (workflow.folder / "submitted.jsonl").read_text().splitlines()]
    return {job["rule"]: job for job in jobs}


def test_a_cluster_runs_without_a_number_of_cores_and_each_job_asks_for_its_own_server(workflow):
    movie = small_sample(workflow, subtitles=1)[0]
    workflow.settings = {
        "catalogue": {"archive": None},
        "models": {"folder": str(MODELS), "llm": [TEST_MODEL | {"slots": 4}]},
        "summaries": {"words": 10, "prompts": ["zero_shot"]},
        "genres": small_genres("summary/smollm2/zero_shot"),
    }
    target = f"results/summarise_movie/smollm2/zero_shot/{movie}.json"
    jobs = submitted(workflow, target)
    assert (workflow.folder / target).exists()
    assert jobs["summarise_movie"]["threads"] == 2
    # There is nothing to hear in subtitles, and no graphics card is asked for where speech is recognised on none.
    assert jobs["transcribe_trailer"]["resources"].get("gpu", 0) == 0
