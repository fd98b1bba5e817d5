"""A hosted model with many slots: one job asks about all movies, and the movies' own jobs find the answers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from loopback_llm import Site
from workflow.projects import Workflow

pytestmark = pytest.mark.slow

MOVIES = "1234567"
SUMMARIES, ASKED = "results/merge_summaries/summaries.parquet", "results/ask_summaries/hosted.json"
TRANSCRIPTS, LOCK = "results/merge_transcripts/transcripts.parquet", "run/ask_summaries/hosted.lock"
SUMMARY = "A hero leaves home. He comes back."
SPOKEN = "His daughter is gone. Her father is looking for their family, and film {movie} tells of the king."


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(models=["m"], reply=lambda body: SUMMARY) as made:
        yield made


@pytest.fixture
def project(site: Site, workflow: Workflow) -> Workflow:
    """Films with a transcript, one without, and a hosted model that is asked in two ways, the one checked."""
    media = workflow.folder / "media"
    media.mkdir()
    for movie in MOVIES:
        (media / f"{movie}.txt").write_text(SPOKEN.format(movie=movie))
    rows = [f"{movie},Film {movie},1999,Drama" for movie in f"{MOVIES}8"]
    (workflow.folder / "movies.csv").write_text("\n".join(["id,title,year,genres", *rows]))
    workflow.settings["models"]["llm"] = [
        {
            "name": "hosted",
            "kind": "openai_compatible",
            "model": "m",
            "context": 4096,
            "slots": 12,
            "base_url": site.address,
        }
    ]
    workflow.settings |= {
        "catalogue": {"movies": "movies.csv", "archive": None},
        "trailers": {"media": "media", "sources": []},
        "synopses": {"sources": ["table"], "table": None},
        "summaries": {
            "prompts": ["zero_shot", "one_sentence"], "check": {"ways": ["one_sentence"], "unsupported": "mark"},
        },
        "genres": {"texts": ["transcript"], "systems": []},
    }  # fmt: skip
    return workflow


BESIDE = 5
"""So many of the movies' own jobs may start beside the one that asks, and before it is there."""


def hold_until_all_are_asked_about(project: Workflow, site: Site) -> None:
    """Let the service answer nobody before the job that asks is there: on a busy machine the others would be done."""
    is_there = threading.Event()

    def reply(body: dict[str, Any]) -> str:
        deadline = time.monotonic() + 60
        while not is_there.is_set() and time.monotonic() < deadline:
            if (project.folder / LOCK).exists():
                is_there.set()
            time.sleep(0.02)
        return SUMMARY

    site.reply = reply
    site.delay = 0.5


def read(project: Workflow, path: str) -> Any:
    return json.loads((project.folder / path).read_text())


def outcomes(project: Workflow) -> list[dict[str, Any]]:
    """The movies' own outcomes that asked for something."""
    paths = sorted((project.folder / "results/summarise_movie/hosted").glob("*/*.json"))
    return [made for path in paths if "usages" in (made := json.loads(path.read_text()))["source"]]


def paid(project: Workflow) -> tuple[int, int]:
    """Answers that the account of the summaries counts, and how many of them were kept from before."""
    usage = read(project, "results/merge_summaries/about.json")["usage"]
    return sum(row["requests"] for row in usage), sum(row["cached"] for row in usage)


def test_one_job_asks_for_all_and_after_a_change_for_what_is_new(project: Workflow, site: Site) -> None:
    assert "ask_summaries" not in project.planned("results/summarise_movie/hosted/zero_shot/1.json")
    project.run(TRANSCRIPTS)
    hold_until_all_are_asked_about(project, site)
    project.run(SUMMARIES)
    asked = read(project, ASKED)
    count = len(site.journal)
    # Of the movies' own jobs those that start beside it may ask before it is there.
    before = asked["requests"].pop("kept")
    assert asked["requests"] == {"asked": count - before, "had": 0, "later": 0, "refused": 0}
    assert before <= BESIDE
    assert (asked["movies"], asked["ways"]) == (len(MOVIES), ["zero_shot", "one_sentence"])
    assert len({entry["hash"] for entry in site.journal}) == count > 2 * len(MOVIES)
    assert len(outcomes(project)) == 2 * len(MOVIES)
    assert paid(project) == (count, 0)
    assert not any(path.is_file() for path in (project.folder / "run/ask_summaries").rglob("*"))
    assert project.planned(SUMMARIES) == {}

    # What one film says: it alone is asked about, once.
    (project.folder / "media/3.txt").write_text(SPOKEN.format(movie="III"))
    planned = project.planned(SUMMARIES)
    assert planned["ask_summaries"] == {"hosted"}
    assert planned["summarise_movie"] == {"hosted/zero_shot/3", "hosted/one_sentence/3"}
    project.run(SUMMARIES)
    new = len(site.journal) - count
    assert read(project, ASKED)["requests"]["asked"] <= new == count / len(MOVIES)
    assert paid(project) == (count, count - new)

    # The answers are gone, and all outcomes are there.
    count += new
    shutil.rmtree(project.folder / "resources/cache/llm")
    assert project.planned(SUMMARIES) == {}
    again = ("--forcerun", "ask_summaries")
    assert project.planned(SUMMARIES, *again) == {"ask_summaries": {"hosted"}}
    project.run(SUMMARIES, *again)
    asked = read(project, ASKED)["requests"]
    assert (asked["asked"], asked["had"], len(site.journal)) == (0, 2 * len(MOVIES), count)

    # How many are asked at a time is no reason to ask: with few slots there is no such job.
    project.settings["models"]["llm"][0]["slots"] = 8
    assert project.planned(SUMMARIES) == {"merge_summaries": {""}}


def test_the_movies_own_jobs_go_on_where_the_asking_job_is_killed(project: Workflow, site: Site) -> None:
    project.run(TRANSCRIPTS)
    hold_until_all_are_asked_about(project, site)
    project.settings["models"]["llm"][0]["timeout_seconds"] = 30
    with subprocess.Popen(project.command(SUMMARIES, "--keep-going"), cwd=project.folder) as run:
        try:
            while len(site.journal) <= BESIDE or not (project.folder / LOCK).exists():
                assert run.poll() is None
                time.sleep(0.05)
            os.kill(read(project, LOCK)["pid"], signal.SIGKILL)
            assert run.wait(timeout=120) != 0
        finally:
            run.kill()
    assert {outcome["status"] for outcome in outcomes(project)} == {"ok"}
    assert len(outcomes(project)) == 2 * len(MOVIES)
    assert not (project.folder / SUMMARIES).exists()
    count = len(site.journal)
    project.run(SUMMARIES)
    assert len(site.journal) == count
    assert read(project, ASKED)["requests"]["asked"] == 0
