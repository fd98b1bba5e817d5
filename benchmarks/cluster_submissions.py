"""What one movie's jobs cost on Slurm when each is submitted, when they go as an array, and when many share a submission.

    python benchmarks/cluster_submissions.py --films 24

The real Slurm of the tests on this machine (root, and Debian's packages of Slurm). Films with subtitles go to their
transcripts, so there is next to no work, and no GPU; everything is what submitting costs. What this node does itself is done
before, so that all submissions are ready at once. `slurm` has the seconds that submissions ran, added up.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from slurm.clustered import command, small_project
from slurm.one_machine import OneMachine
from workflow.projects import Workflow

GROUPS = re.compile(r"^groups:.*?^(?=# What a job)", re.MULTILINE | re.DOTALL)
WAYS = {
    "here": [],
    "each submitted": [],
    "an array": ["--slurm-array-jobs", "transcribe_trailer"],
    "a group": [],
}


def made_project(folder: Path, films: int, *, grouped: bool) -> Workflow:
    """A project of so many films with subtitles, by our profile, or by it without groups."""
    workflow = Workflow(folder)
    small_project(workflow, subtitles=3, sound=False)
    table = workflow.folder / "resources/sample/movies.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    more = [f"film{number},{rows[number % len(rows)].partition(',')[2]}" for number in range(films)]
    table.write_text("\n".join([head, *more, ""]), encoding="utf-8")
    profile = workflow.folder / "profiles/slurm/config.yaml"
    if not grouped:
        profile.write_text(GROUPS.sub("", profile.read_text(encoding="utf-8")), encoding="utf-8")
    return workflow


def ran_seconds(cluster: OneMachine, before: int) -> float:
    """Seconds that the submissions since a number of jobs ran, added up."""
    shown = cluster.asked("squeue", "--states=all", "--noheader", "--format=%M", "--sort=i").split()[before:]
    return sum(60 * int(minutes) + int(seconds) for minutes, seconds in (one.split(":") for one in shown))


def main() -> None:
    """Run each way, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=24)
    arguments = parser.parse_args()
    print("| transcripts | s in all | submissions | tasks | slurm, s |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as place, OneMachine() as cluster:
        for way, options in WAYS.items():
            workflow = made_project(
                Path(place) / way.replace(" ", "_"), arguments.films, grouped=way == "a group"
            )
            workflow.run("trailers", "--until", "fetch_audio")
            ours = workflow.command("trailers") if way == "here" else command(workflow, "trailers", *options)
            before, start = len(cluster.jobs()), time.monotonic()
            subprocess.run(
                ours, cwd=workflow.folder, env=cluster.environment, check=True, capture_output=True
            )
            seconds = time.monotonic() - start
            jobs = cluster.jobs()[before:]
            print(
                f"| {way} | {seconds:.0f} | {len({job.array for job in jobs})} | {len(jobs)} "
                f"| {ran_seconds(cluster, before):.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
