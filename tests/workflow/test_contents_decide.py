"""Contents decide what runs again: a file that is replaced by an older one counts, one that is only touched does not."""

from __future__ import annotations

import csv
import os
import shutil
import time
import zipfile
from pathlib import Path

import pytest
from workflow.folders import SETTINGS, Folder, snakemake
from workflow.projects import Workflow
from workflow.test_reruns import (
    AFTER_SUMMARIES,
    MERGED,
    OF_ONE_MOVIE,
    edited_jobs,
    per_movie,
    rows,
    summaries,
)

from trailerflow.contents import SETTLED_SECONDS
from trailerflow.tables import read_table

pytestmark = pytest.mark.slow

LONG_AGO = 10**9
"""2001-09-09, older than any result."""

OF_THE_CATALOGUE = {
    "gather_extra_texts",
    "merge_transcripts",
    "select_movies",
    "split_movies",
    "split_ratings",
    "audit_splits",
}


def replace(path: Path, content: bytes) -> None:
    """Replace a file by an older one, as ``rsync -a``, ``unzip`` and ``mv`` do."""
    other = path.with_name(f".{path.name}.new")
    other.write_bytes(content)
    os.utime(other, (LONG_AGO, LONG_AGO))
    other.rename(path)


def media_of(finished, suffixes: tuple[str, ...]) -> tuple[str, Path]:
    """A movie with a file of one of these kinds, and the file."""
    row = next(row for row in rows(finished) if Path(row["media"]).suffix in suffixes)
    return row["id"], finished.folder / "resources/sample" / row["media"]


def test_subtitles(finished):
    movie, file = media_of(finished, (".vtt", ".srt"))
    replace(file, file.read_bytes() + b"\n\n00:09:00.000 --> 00:09:02.000\nAnd then it rained.\n")
    jobs = edited_jobs(finished)
    assert {rule: jobs.pop(rule) for rule in OF_ONE_MOVIE} == per_movie(OF_ONE_MOVIE, movie)
    assert jobs.pop("summarise_movie") == summaries(movie)
    assert set(jobs) == AFTER_SUMMARIES | {"merge_transcripts"}
    finished.run("results/prepare_transcript/" + movie + ".json", "--quiet")
    document = (finished.folder / f"results/prepare_transcript/{movie}.json").read_text()
    assert "And then it rained." in document
    left = edited_jobs(finished)
    assert not OF_ONE_MOVIE & set(left)  # what ran does not run again
    assert left.pop("summarise_movie") == summaries(movie)


def test_sound(finished):
    movie, file = media_of(finished, (".ogg", ".flac", ".mp3", ".wav", ".m4a", ".opus"))
    replace(file, file.read_bytes()[: file.stat().st_size // 2])
    jobs = edited_jobs(finished)
    rules = OF_ONE_MOVIE - {"fetch_captions"}
    assert {rule: jobs.pop(rule) for rule in rules} == per_movie(rules, movie)
    assert jobs.pop("summarise_movie") == summaries(movie)
    assert set(jobs) == AFTER_SUMMARIES | {"merge_transcripts"}


def test_a_prompt(finished):
    file = finished.folder / "resources/prompts/summaries/few_shot.txt"
    replace(file, file.read_bytes() + b"Be exact.\n")
    jobs = edited_jobs(finished)
    movies = [row["id"] for row in rows(finished)]
    assert jobs.pop("summarise_movie") == summaries(*movies, prompts=("few_shot",))
    assert set(jobs) == MERGED


def test_two_prompts_that_change_places(finished):
    folder = finished.folder / "resources/prompts/summaries"
    one, other = (folder / f"{name}.txt" for name in ("zero_shot", "few_shot"))
    content, facts = one.read_bytes(), other.stat()
    replace(one, other.read_bytes())
    replace(other, content)
    os.utime(other, (facts.st_atime, facts.st_mtime))
    jobs = edited_jobs(finished)
    assert jobs.pop("summarise_movie") == summaries(*[row["id"] for row in rows(finished)])
    assert set(jobs) == AFTER_SUMMARIES


def test_the_table_of_movies(finished):
    file = finished.folder / "resources/sample/movies.csv"
    row = rows(finished)[0]
    replace(file, file.read_bytes().replace(f",{row['title']},".encode(), b",Another Title,"))
    jobs = edited_jobs(finished)
    movie, rules = row["id"], OF_ONE_MOVIE | {"find_trailer"}
    assert {rule: jobs.pop(rule) for rule in rules} == per_movie(rules, movie)
    assert jobs.pop("summarise_movie") == summaries(movie)
    assert set(jobs) == AFTER_SUMMARIES | OF_THE_CATALOGUE


def test_the_table_of_synopses(finished):
    file = finished.folder / "resources/sample/synopses.csv"
    with open(file, newline="") as opened:
        told = list(csv.DictReader(opened))
    movie = next(row["id"] for row in rows(finished) if row["id"] in {line["id"] for line in told})
    old = next(line["synopsis"] for line in told if line["id"] == movie)
    replace(file, file.read_bytes().replace(old[-20:].encode(), b"something else."))
    jobs = edited_jobs(finished)
    assert jobs.pop("fetch_synopsis") == {f"results/fetch_synopsis/{movie}.json"}
    assert set(jobs) == MERGED


def test_templates_and_metrics(finished):
    for name in ("src/trailerflow/reports/page.css", "resources/film_people.txt"):
        file = finished.folder / name
        replace(file, file.read_bytes() + b"\n")
    assert set(edited_jobs(finished)) == {"score_summaries", "make_report"}


def test_an_archive(tmp_path):
    code, folder = Workflow(tmp_path / "code").folder, Folder(tmp_path / "films")
    folder.write("config.yaml", SETTINGS | {"catalogue": {"movies": "mine.csv", "archive": "ml.zip"}})
    folder.write("movies.csv", "movieId,title,genres\n1,Home (1959),Drama\n")
    ratings = folder.write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,5,1\n")
    archive = folder.path / "ml.zip"

    def packed() -> bytes:
        with zipfile.ZipFile(folder.path / "packed", "w") as file:
            for name in ("movies.csv", "ratings.csv"):
                file.write(folder.path / name, f"ml/{name}")
        return (folder.path / "packed").read_bytes()

    archive.write_bytes(packed())
    target = ["results/select_movies/movies.parquet", "-s", str(code / "Snakefile")]
    snakemake(folder.path, *target)
    ratings.write_text(ratings.read_text().replace(",5,", ",4,"))
    replace(archive, packed())
    jobs = snakemake(folder.path, *target, "-n")
    assert "fetch_catalogue" in jobs and "select_movies" in jobs
    snakemake(folder.path, *target)
    assert read_table(folder.path / "results/fetch_catalogue/ratings.parquet")["rating"].tolist() == [4]
    os.utime(archive)
    target[0] = "results/fetch_catalogue/ratings.parquet"
    as_if_large = ["--max-checksum-file-size", "0"]
    assert "Nothing to be done" in snakemake(folder.path, *target, "-n", *as_if_large)


def test_what_is_touched_or_unpacked_again_runs_nothing(finished):
    for number, file in enumerate(path for path in finished.folder.glob("resources/**/*") if path.is_file()):
        if "cache" in file.parts or file.is_symlink():
            continue
        if number % 2:
            os.utime(file, (LONG_AGO, LONG_AGO))
        else:
            shutil.copy(file, file.with_name("unpacked"))
            file.with_name("unpacked").rename(file)
    assert edited_jobs(finished) == {}


def test_files_are_read_once_for_all_starts(finished):
    """A file that cannot be read any more has no other hash, since nobody reads it."""
    memory = finished.folder / "run/contents.jsonl"
    time.sleep(SETTLED_SECONDS)  # hashes of files that were copied just now are not kept
    assert edited_jobs(finished) == {}
    lines = memory.read_text().splitlines()
    memory.write_text("".join(line[:-66] + "0" * 64 + '"]\n' for line in lines))
    assert set(edited_jobs(finished)) >= {"select_movies", "fetch_captions", "summarise_movie"}
