"""A run of a hosted model that is killed by kill -9 again and again: nothing that had arrived is asked for again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psutil
from loopback_llm import Site
from workflow.projects import Workflow, small_genres

NAME = "hosted"
TARGETS = (
    "results/merge_summaries/summaries.parquet",
    f"results/predict_genres/{NAME}/zero_shot.parquet",
    f"results/rank_films/this_run/{NAME}/yes_no.parquet",
    "results/judge_summaries/judgements.parquet",
)
READING_SECONDS = 0.5
"""An answer that was written so shortly before a kill may not have been read: it counts as in flight."""


@dataclass
class Findings:
    """What the service's journal says.

    Attributes:
        kills: How often the run was killed while requests were under way.
        requests: Requests in all.
        distinct: Distinct requests.
        repeated: Requests for what had been answered whole and was not in flight at a kill.
        in_flight: Of each kill, the requests that were in flight and so asked for again.
        settled: Whether every table was made.
    """

    kills: int = 0
    requests: int = 0
    distinct: int = 0
    repeated: int = 0
    in_flight: list[int] = field(default_factory=list)
    settled: bool = False


def play(project: Workflow, *, kills: int, slots: int, delay: float = 1.0, seed: int = 0) -> Findings:
    """Run the models' stages of a project, kill them, run again, to the end.

    Args:
        project: A project; its settings get one hosted model, on loopback.
        kills: How often the run is killed.
        slots: Requests in flight at a time.
        delay: Seconds that each answer takes.
        seed: Seed of the moments of the kills.
    """
    draw, findings, times = random.Random(seed), Findings(), []
    with Site(models=["m"]) as site:
        site.delay = delay
        project.settings["models"]["llm"] = [
            {"name": NAME, "kind": "openai_compatible", "model": "m", "context": 8192, "slots": slots,
             "base_url": site.address}
        ]  # fmt: skip
        project.settings["genres"] = small_genres(f"summary/{NAME}/zero_shot")
        project.run("trailers")
        while len(times) < kills and not findings.settled:
            asked = len(site.journal)
            run = _start(project)
            if _wait_for_request(site, asked, run):
                time.sleep(draw.uniform(0, 8))
            if run.poll() is None:
                start = time.time()
                _kill(project)
                times.append((start, time.time()))
            run.wait()
            findings.settled = run.returncode == 0
            _unlock(project)
        for _ in range(2):
            findings.settled = _start(project).wait() == 0
        _judge(findings, site.journal, times)
    return findings


def _start(project: Workflow) -> subprocess.Popen[bytes]:
    with (project.folder / "run.log").open("a") as log:
        command = project.command(*TARGETS)
        return subprocess.Popen(command, cwd=project.folder, stdout=log, stderr=log)


def _wait_for_request(site: Site, asked: int, run: subprocess.Popen[bytes]) -> bool:
    while run.poll() is None:
        if len(site.journal) > asked:
            return True
        time.sleep(0.05)
    return False


def _kill(project: Workflow) -> None:
    """kill -9 of all that works in the project's folder."""
    for process in psutil.process_iter(["cwd"]):
        if process.info["cwd"] == str(project.folder):
            process.kill()


def _unlock(project: Workflow) -> None:
    unlock = "from trailerflow.commands import main; main()"
    subprocess.run(
        [sys.executable, "-c", unlock, "unlock"],
        cwd=project.folder,
        check=True,
        capture_output=True,
        env=os.environ,
    )


def _judge(findings: Findings, journal: list[dict[str, Any]], kills: list[tuple[float, float]]) -> None:
    answered: dict[str, dict[str, Any]] = {}
    again = dict.fromkeys(kills, 0)
    for entry in journal:
        body = json.dumps(
            {name: entry.get(name) for name in ("messages", "max_tokens", "response_format", "logprobs")}
        )
        if body in answered:
            before = answered[body]
            excuse = [kill for kill in kills if _in_flight(before, *kill)]
            if excuse:
                again[excuse[0]] += 1
            else:
                findings.repeated += 1
        answered[body] = entry
    findings.kills, findings.requests, findings.distinct = len(kills), len(journal), len(answered)
    findings.in_flight = list(again.values())


def _in_flight(entry: dict[str, Any], start: float, end: float) -> bool:
    """Whether a request had arrived at the service before a kill was over, and its answer could not yet be read."""
    return bool(entry["time"] <= end and (not entry["whole"] or entry["answered"] >= start - READING_SECONDS))
