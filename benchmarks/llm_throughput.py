"""How full the stages that ask a hosted model keep its slots, beside a loop that does nothing else.

    python benchmarks/llm_throughput.py

A service on this machine answers every request after 200 ms and works on 64 at once. Made-up films are summarised by a run
of Snakemake with two cores; then each stage that asks about all films in one job is run as its rule runs it. After each, a
hand-written asyncio loop with 64 connections asks the same requests. The rate is counted at the service, from the first
request to the last answer.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from slow_service import MODEL, Asked, SlowService, ask_by_loop

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from loopback_llm.messages import WORDS  # noqa: E402
from workflow.projects import Workflow  # noqa: E402

from trailerflow.genre_names import GENRES  # noqa: E402
from trailerflow.llm.model import LanguageModel  # noqa: E402
from trailerflow.planning.programs import job_environment  # noqa: E402

NAME = "hosted"
SUMMARIES = "results/merge_summaries/summaries.parquet"
TRANSCRIPTS, SPLIT = "results/merge_transcripts/transcripts.parquet", "results/split_movies/splits.csv"
SENTENCES, WORDS_OF_SENTENCE = 20, 8


@dataclass(frozen=True)
class Stage:
    """A program that asks about all films.

    Attributes:
        name: What it is called in the table.
        program: Name of the program.
        arguments: What its rule tells it, beside the model and where things lie.
        texts: Outcome documents that it reads from the standard input.
    """

    name: str
    program: str
    arguments: tuple[str, ...]
    texts: tuple[str, ...] = ()


def make_project(folder: Path, films: int, address: str, slots: int) -> Workflow:
    """A project of made-up films with a hosted model.

    Args:
        folder: Folder to make it in.
        films: How many films.
        address: Base URL of the model's service.
        slots: Requests in flight.
    """
    project, draw = Workflow(folder), random.Random(0)
    media = folder / "media"
    media.mkdir()
    rows = []
    for number in range(1, films + 1):
        sentences = (
            " ".join(draw.choices(WORDS, k=WORDS_OF_SENTENCE)).capitalize() for _ in range(SENTENCES)
        )
        (media / f"{number}.txt").write_text(". ".join(sentences) + ".\n", encoding="utf-8")
        genres = "|".join(draw.sample(GENRES, 2))
        rows.append(
            {"id": number, "title": f"Made Up {number}", "year": 1950 + number % 60, "genres": genres}
        )
    pd.DataFrame(rows).to_csv(folder / "movies.csv", index=False)
    hosted = {
        "name": NAME, "kind": "openai_compatible", "model": MODEL, "context": 8192, "slots": slots, "base_url": address,
    }  # fmt: skip
    project.settings["models"]["llm"] = [hosted]
    project.settings |= {
        "catalogue": {"movies": "movies.csv", "archive": None},
        "trailers": {"media": "media", "sources": []},
        "synopses": {"sources": ["table"], "table": None},
        "summaries": {"prompts": ["zero_shot", "few_shot"], "check": {"ways": []}},
        "genres": {"texts": ["transcript"], "systems": []},
    }
    return project


def stages(films: int) -> list[Stage]:
    """The programs that ask about all films, as the rules of the project call them."""
    movies = ("--movies", "results/select_movies/movies.parquet")
    prompts = "resources/prompts"
    texts = tuple(f"results/prepare_transcript/{number}.json" for number in range(1, films + 1))
    found = []
    for way in ("zero_shot", "few_shot", "yes_no"):
        arguments = (
            *movies, "--split", SPLIT, "--way", way, "--arms", "titled", "--text", "transcript",
            "--seed", "0", "--prompt", f"{prompts}/genres/{way}.txt", "--output", f"{way}.parquet", "--films",
            f"{way}.films.parquet", "--about", f"{way}.json",
        )  # fmt: skip
        found.append(Stage(f"`predict_genres`, `{way}`", "predict_genres", arguments, texts))
    probed = (
        *movies, "--count", str(films), "--seed", "0", "--prompts", f"{prompts}/genres/memory_year.txt",
        f"{prompts}/genres/memory_genres.txt", "--output", "probe.parquet", "--summary", "probe.csv",
        "--about", "probe.json",
    )  # fmt: skip
    found.append(Stage("`probe_memory`", "probe_memory", probed))
    judged = (
        *movies, "--summaries", SUMMARIES, "--transcripts", TRANSCRIPTS, "--synopses",
        "results/merge_summaries/synopses.parquet", "--count", str(films), "--seed", "0", "--prompt",
        f"{prompts}/judging/rate_pair.txt", "--judgements", "judged.parquet", "--ratings",
        "ratings.parquet", "--about", "judged.json",
    )  # fmt: skip
    found.append(Stage("`judge_summaries`", "judge_summaries", judged))
    return found


def run_stage(project: Workflow, stage: Stage) -> None:
    """Run a program in a project, with the environment of a rule.

    Raises:
        CalledProcessError: It failed.
    """
    model = LanguageModel.from_settings(project.settings["models"]["llm"][0])
    config: dict[str, Any] = yaml.safe_load((project.folder / "config.yaml").read_text(encoding="utf-8"))
    environment = job_environment(config, {NAME: model}, code=project.folder, run="a run")
    command = [
        sys.executable, f"scripts/{stage.program}.py", *stage.arguments, "--model", json.dumps(model.answering),
        "--models-folder", "models", "--cache", "resources/cache/llm", "--run", "run", "--threads", "1", "--attempt", "0",
    ]  # fmt: skip
    subprocess.run(
        command,
        cwd=project.folder,
        env={**os.environ, **environment},
        input="".join(f"{path}\n" for path in stage.texts),
        text=True,
        check=True,
    )


def print_row(name: str, asked: Asked, seconds: float, loop: Asked) -> None:
    """A line of the table.

    Args:
        name: Name of the stage.
        asked: What the stage asked.
        seconds: How long it took with its start.
        loop: The same requests by the loop.
    """
    requests = len(asked.bodies)
    print(
        f"| {name} | {requests} | {asked.most} | {asked.rate:.0f} | {loop.rate:.0f} | {asked.rate / loop.rate:.3f} "
        f"| {seconds:.1f} | {requests / seconds:.0f} |",
        flush=True,
    )


def main() -> None:
    """Make the project, run the stages and the loop, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=0.2, help="how long each answer takes")
    parser.add_argument("--slots", type=int, default=64)
    arguments = parser.parse_args()
    print(
        "| stage | requests | in flight | a second | the loop | ratio | s with the start | a second with it |\n"
        "|---|---|---|---|---|---|---|---|",
        flush=True,
    )
    service = SlowService(arguments.seconds, arguments.slots)
    with service, tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder, "project"), arguments.films, service.address, arguments.slots)
        numbers = range(1, arguments.films + 1)
        project.run(TRANSCRIPTS, SPLIT, *(f"results/fetch_synopsis/{number}.json" for number in numbers))

        def measure(name: str, work: Callable[[], Any]) -> None:
            service.asked()
            start = time.monotonic()
            work()
            seconds = time.monotonic() - start
            asked = service.asked()
            ask_by_loop(service.port, asked.bodies, arguments.slots)
            print_row(name, asked, seconds, service.asked())

        for stage in stages(arguments.films):
            if stage.program == "judge_summaries":
                measure("`ask_summaries`, by Snakemake", lambda: project.run(SUMMARIES))
            measure(stage.name, partial(run_stage, project, stage))


if __name__ == "__main__":
    main()
