"""What is told of reruns holds: a real run does it, and ``trailerflow why`` says the causes."""

from __future__ import annotations

import os
import time

import pytest
from workflow.changes import A_DAY
from workflow.projects import Workflow
from workflow.test_new_film import made, trailerflow
from workflow.treatments import CHAIN, NAMED, WAYS, Jobs, together

from trailerflow.register import BY_NAME

pytestmark = pytest.mark.slow

WHY = [
    ("a row is changed: its title", "1", "find_trailer/1", "its row in the table of movies"),
    ("a prompt is changed", "50", "summarise_movie/smollm2/few_shot/50", "the contents of a file that comes from outside (media, prompt or table)"),
    ("the temperature of a model", "50", "summarise_movie/smollm2/few_shot/50", "the language model's settings, or models.answers"),
    ("the code of one stage", "50", "prepare_transcript/50", "the rule's program, or what it imports"),
    ("a setting of trailers", "50", "prepare_transcript/50", "the length in words"),
]  # fmt: skip
"""A treatment, a film, the first of its documents that would be made again, and what is said of it."""
REALLY_RUN = (
    "a row is changed: its title",
    "a subtitle is replaced by an older file",
    "a prompt is changed",
)


def jobs_of(documents: set[str]) -> Jobs:
    """The jobs that made files of results; one that makes tables has no wildcards here."""
    jobs: Jobs = {}
    for path in documents:
        rule, _, made_by_it = path.removeprefix("results/").partition("/")
        wildcards = made_by_it.removesuffix(".json") if BY_NAME[rule].makes_outcomes else ""
        jobs.setdefault(rule, set()).add(wildcards)
    return jobs


def test_a_real_run_does_what_was_told_and_leaves_nothing_to_do(finished: Workflow) -> None:
    targets = [
        f"results/{table}.parquet"
        for table in ("select_movies/movies", "merge_transcripts/transcripts", "merge_summaries/summaries")
    ]
    for name in REALLY_RUN:
        NAMED[name].change(finished)
    rules = (*CHAIN, "summarise_movie", "select_movies", "merge_transcripts", "merge_summaries")
    invalidated = together(*(NAMED[name].runs for name in REALLY_RUN))
    told = finished.planned(*targets)
    assert told == {rule: invalidated[rule] for rule in rules}

    before = made(finished)
    finished.run(*targets)
    written = {path for path, time in made(finished).items() if before.get(path) != time}
    assert jobs_of({path for path in written if path.startswith("results/")}) == told
    assert "It rained." in (finished.folder / "results/prepare_transcript/7.json").read_text()
    assert finished.planned(*targets) == {}


@pytest.mark.parametrize(("name", "movie", "document", "cause"), WHY, ids=[name for name, *_ in WHY])
def test_why_says_the_cause_in_words(
    finished: Workflow, name: str, movie: str, document: str, cause: str
) -> None:
    NAMED[name].change(finished)
    told = trailerflow(finished, "why", movie).stdout.splitlines()
    assert told[1] == f"  results/{document}.json: changed: {cause}.", told


def test_a_file_from_the_future_is_refused_by_snakemake_until_it_is_touched(finished: Workflow) -> None:
    NAMED["a subtitle is changed"].change(finished)
    subtitle = finished.folder / "resources/sample/media/50.srt"
    tomorrow = time.time() + A_DAY
    os.utime(subtitle, (tomorrow, tomorrow))
    target = "results/fetch_captions/50.json"
    said = finished.run(target, check=False).stderr
    assert "than input resources/sample/media/50.srt" in said and "clock skew" in said
    subtitle.touch()
    finished.run(target)
    assert "It rained." in (finished.folder / target).read_text()


def test_a_movies_deleted_summary_is_made_again_without_asking(finished: Workflow) -> None:
    path = finished.folder / "results/summarise_movie/smollm2/zero_shot/50.json"
    text = path.read_text()
    path.unlink()
    answers = set((finished.folder / "resources/cache/llm").rglob("v1-*.json"))
    finished.run()
    assert set((finished.folder / "resources/cache/llm").rglob("v1-*.json")) == answers
    assert path.read_text().split('"seconds"')[0] == text.split('"seconds"')[0]


def test_why_tells_of_all_jobs_of_a_film_and_of_no_other(finished: Workflow) -> None:
    NAMED["a subtitle is changed"].change(finished)
    first, cause, *others = trailerflow(finished, "why", "50").stdout.splitlines()
    assert first == f"{1 + len(others)} jobs of the film 50 would run:"
    assert cause.startswith("  results/fetch_captions/50.json: changed: the contents of a file")
    assert all(": made again before it: " in line for line in others)
    summaries = {f"results/summarise_movie/smollm2/{way}/50.json" for way in WAYS}
    assert {line.split(":")[0].strip() for line in others} >= summaries
    untouched = trailerflow(finished, "why", "1").stdout
    assert untouched == "Nothing of the film 1 would run: its documents are up to date.\n"
    unknown = trailerflow(finished, "why", "nobody")
    assert unknown.returncode == 1 and "This run has no film with the id 'nobody'" in unknown.stderr
