"""Names that programs read otherwise: a title, a file or a folder that begins with a dash; ids such as NA and null."""

from __future__ import annotations

import json
import zipfile

import pandas as pd
import pytest

from trailerflow.tables import read_table

pytestmark = pytest.mark.slow

IDS = ["1", "NA", "None", "nan", "null"]
TITLES = ["NA", "-30-", "Null", "-", "--help"]
SUBTITLE = "1\n00:00:01,000 --> 00:00:04,000\nWe all go home tonight.\n"


def archive(path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("ml/movies.csv", "movieId,title,genres\n1,NA,Drama\n2,Another (1960),Comedy\n")
        ratings = "".join(f"{user},{movie},{user},{movie}\n" for user in (1, 2, 3) for movie in (1, 2))
        file.writestr("ml/ratings.csv", "userId,movieId,rating,timestamp\n" + ratings)


def test_what_looks_like_an_option_or_a_missing_value_is_a_name(workflow):
    folder = workflow.folder
    rows = "".join(
        f"{movie},{title},1959,Drama,{'-30-.srt' if movie == 'NA' else ''}\n"
        for movie, title in zip(IDS, TITLES, strict=True)
    )
    (folder / "-mine.csv").write_text("id,title,year,genres,media\n" + rows)
    (folder / "-30-.srt").write_text(SUBTITLE)
    (folder / "-films").mkdir()
    (folder / "-films" / "null.srt").write_text(SUBTITLE)
    (folder / "-texts.csv").write_text("id,synopsis\nnull,A synopsis of one film.\n")
    (folder / "-ratings").mkdir()
    (folder / "-ratings" / "Ada B.json").write_text("{}")
    archive(folder / "-ml.zip")
    workflow.settings |= {
        "catalogue": {"movies": "-mine.csv", "archive": "-ml.zip"},
        "trailers": {"media": "-films", "sources": []},
        "synopses": {"table": "-texts.csv", "sources": ["table"]},
        "judging": {"ratings": {"folder": "-ratings"}},
        "models": {"folder": "-models"},
    }
    synopses = [f"results/fetch_synopsis/{movie}.json" for movie in IDS]
    results = folder / "results"
    transcripts = results / "merge_transcripts/transcripts.parquet"
    split = results / "split_movies/splits.csv"
    workflow.run(*(str(path.relative_to(folder)) for path in (transcripts, split)), *synopses)
    assert read_table(results / "select_movies/movies.parquet")["title"].tolist() == TITLES
    assert read_table(split)["movie"].tolist() == IDS
    table = read_table(transcripts).set_index("movie")
    assert table["status"].to_dict() == {
        movie: "ok" if movie in ("NA", "null") else "absent" for movie in IDS
    }
    assert table["text"]["NA"] == "We all go home tonight."
    assert len(pd.read_parquet(results / "fetch_catalogue/ratings.parquet")) == 6
    statuses = [json.loads((folder / path).read_text())["status"] for path in synopses]
    assert statuses == ["absent", "absent", "absent", "absent", "ok"]
    # What needs models is not run: its commands are looked at.
    told = workflow.run("-n", "-p", "results/read_ratings/ratings.parquet").stdout
    assert "--exports './-ratings/Ada B.json' " in told
    assert " --models-folder=-models " in told
    assert " --folder=-models " in told
