"""A film that comes after a run: only its own jobs run, its page shows what is known, and the next run takes it in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from workflow.projects import Workflow

from trailerflow.catalogue import read_movie_table
from trailerflow.register import CHAIN

pytestmark = pytest.mark.slow

SUBTITLE = """1
00:00:01,000 --> 00:00:05,000
The detective knows that tonight the crew will rob the last bank of the city.

2
00:00:06,000 --> 00:00:09,000
He has two hours to find them, and his brother is one of them.
"""
COMMAND = [sys.executable, "-c", "from trailerflow.commands import main; main()"]


def trailerflow(project: Workflow, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the folder, with this project's configuration."""
    project.command()  # writes test.yaml
    return subprocess.run(
        [*COMMAND, *arguments, "--configfile", "test.yaml"],
        cwd=project.folder, capture_output=True, text=True, timeout=900, env=os.environ,
    )  # fmt: skip


def made(project: Workflow) -> dict[str, int]:
    """Results and logs with the times at which they were written."""
    files = [
        path
        for folder in ("results", "logs")
        for path in (project.folder / folder).rglob("*")
        if path.is_file()
    ]
    return {str(path.relative_to(project.folder)): path.stat().st_mtime_ns for path in files}


def test_only_the_films_own_jobs_run_and_its_page_shows_what_is_known(finished: Workflow) -> None:
    subtitle = finished.folder / "mine" / "crew.srt"
    subtitle.parent.mkdir()
    subtitle.write_text(SUBTITLE)
    table = finished.folder / "resources/sample/movies.csv"
    before, films = made(finished), read_movie_table(table)
    added = trailerflow(
        finished, "add", "Night Crew", "--year", "1999", "--trailer", "mine/crew.srt", "--cores", "2"
    )
    assert added.returncode == 0, added.stdout + added.stderr

    assert [movie.id for movie in read_movie_table(table)] == [
        *(movie.id for movie in films),
        "night-crew-1999",
    ]
    jobs = [f"{rule}/night-crew-1999" for rule in (*CHAIN[:-1], "fetch_synopsis")]
    jobs += [f"summarise_movie/smollm2/{way}/night-crew-1999" for way in ("zero_shot", "few_shot")]
    after = made(finished)
    written = {path for path, time in after.items() if before.get(path) != time}
    # A job that says nothing leaves no log.
    assert written == {f"results/{job}.json" for job in jobs}

    page = added.stdout[added.stdout.index("Night Crew (1999), id night-crew-1999.") :]
    for part in (
        "Captions of mine/crew.srt, in en, 29 words.",
        "“The detective knows that tonight",
        "words (summary/smollm2/zero_shot, masked): by the system as it was saved",
        "both (no text): by the system as it was saved",
        "set, none missing:",
        "None: nobody in the archive has rated this film.",
        "recommendations.saved names no ranker of the kind content",
        "fetch_synopsis: absent: no synopsis in resources/sample/synopses.csv",
    ):
        assert part in " ".join(page.split()), page
    assert "cosine" in page.split("NEAREST FILMS BY TEXT")[1].split("NEAREST FILMS BY AUDIENCE")[0]

    again = trailerflow(finished, "add", "The Night Crew", "--year", "1999", "--trailer", "mine/crew.srt")
    assert again.returncode == 1
    assert "is this film already: Night Crew (1999), id night-crew-1999" in again.stderr

    waiting = finished.jobs()
    assert not waiting.keys() & {*CHAIN, "fetch_synopsis"}
    assert {
        "select_movies",
        "merge_transcripts",
        "merge_summaries",
        "predict_genres",
        "train_genres",
    } <= waiting.keys()


def test_the_page_of_a_silent_trailer_says_what_cannot_be_told(finished: Workflow) -> None:
    shown = trailerflow(finished, "film", "56")
    assert shown.returncode == 0, shown.stderr
    page = " ".join(shown.stdout.split())
    assert "So the story cannot be told from the trailer" in page
    assert "transcribe_trailer: absent:" in page
    assert "words (summary/smollm2/zero_shot, masked): absent:" in page
    assert "people rated both" in page.split("NEAREST FILMS BY AUDIENCE")[1]
    assert Path(finished.folder, "results/prepare_transcript/56.json").is_file()
