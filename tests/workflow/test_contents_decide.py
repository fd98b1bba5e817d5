"""Contents decide what runs again: those of an archive, and hashes that are kept from one start to the next."""

from __future__ import annotations

import json
import os
import time
import zipfile

import pytest
from workflow.changes import replace_by_older
from workflow.folders import SETTINGS, Folder, snakemake
from workflow.projects import Workflow

from trailerflow.contents import SETTLED_SECONDS
from trailerflow.tables import read_table

pytestmark = pytest.mark.slow


def test_an_archive_that_is_replaced_by_an_older_one(tmp_path):
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
    replace_by_older(archive, packed())
    jobs = snakemake(folder.path, *target, "-n")
    assert "fetch_catalogue" in jobs and "select_movies" in jobs
    snakemake(folder.path, *target)
    assert read_table(folder.path / "results/fetch_catalogue/ratings.parquet")["rating"].tolist() == [4]
    os.utime(archive)
    target[0] = "results/fetch_catalogue/ratings.parquet"
    as_if_large = ["--max-checksum-file-size", "0"]
    assert "Nothing to be done" in snakemake(folder.path, *target, "-n", *as_if_large)


def test_files_are_read_once_for_all_starts(finished):
    """A file that cannot be read any more has no other hash, since nobody reads it."""
    memory = finished.folder / "run/contents.jsonl"
    time.sleep(SETTLED_SECONDS)  # hashes of files that were copied just now are not kept
    assert finished.planned() == {}
    known = [json.loads(line) for line in memory.read_text().splitlines()]
    memory.write_text("".join(json.dumps([name, [facts, "0" * 64]]) + "\n" for name, (facts, _) in known))
    assert set(finished.planned()) >= {"fetch_captions", "summarise_movie", "score_summaries"}
