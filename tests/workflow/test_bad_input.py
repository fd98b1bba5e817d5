"""What a user can do wrong is told in one sentence, by a real run."""

from __future__ import annotations

import zipfile

import pytest

HEADER = "id,title,year,media\n"


def told(workflow, *arguments: str) -> str:
    done = workflow.run(*(arguments or ("-n",)), check=False)
    assert done.returncode != 0
    text = done.stdout + done.stderr
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"trailers": {"wordz": 5}}, "config: trailers.wordz is not a setting; did you mean words?"),
        ({"trailers": {"words": "many"}}, "config: trailers.words is 'many'; it must be a whole number."),
        (
            {"catalogue": {"archive": "ml.zip"}},
            "config: catalogue.archive is ml.zip, and there is no such file",
        ),
        (
            {"recommendations": {"rankers": ["popularty"]}},
            "config: recommendations.rankers: popularty is none of random, popularity, ",
        ),
        (
            {"recommendations": {"splits": ["../this_run"]}},
            "config: recommendations.splits[0] is not valid: '../this_run' does not match",
        ),
    ],
)
def test_a_wrong_configuration(workflow, settings, sentence):
    workflow.settings |= settings
    assert sentence in told(workflow)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("1,Toy Story,1995,\n1,Toy Story 2,1999,\n", "row 3: id is '1', as in row 2"),
        ("a/b,Toy Story,1995,\n", "row 2: id is 'a/b'"),
        ("..,Toy Story,1995,\n", "row 2: id is '..'"),
        ("1,Toy Story,19O5,\n", "row 2: year is '19O5', not a number. Correct the row or remove it."),
        ("1,Toy Story,1995,no.srt\n", "no.srt"),
    ],
)
def test_a_wrong_catalogue_row(workflow, rows, sentence):
    (workflow.folder / "mine.csv").write_text(HEADER + rows)
    workflow.settings |= {"catalogue": {"movies": "mine.csv"}}
    assert sentence in told(workflow)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["Toy Story {a} (1995).srt"], "Snakemake takes a word in braces for a wildcard"),
        (["Sabrina.srt"], "m/Sabrina.srt fits several movies (2, 3); name the file after one of these ids"),
    ],
)
def test_a_media_file_that_cannot_be_taken(workflow, names, sentence):
    rows = "1,Toy Story {a},1995,\n2,Sabrina,1954,\n3,Sabrina,1995,\n"
    (workflow.folder / "mine.csv").write_text(HEADER + rows)
    (workflow.folder / "m").mkdir()
    (workflow.folder / "m/again").symlink_to("..")  # a circle
    for name in names:
        (workflow.folder / "m" / name).write_text("x")
    workflow.settings |= {"catalogue": {"movies": "mine.csv"}, "trailers": {"media": "m"}}
    assert sentence in told(workflow)


def test_a_truncated_archive(workflow):
    with zipfile.ZipFile(workflow.folder / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "ml-100k/u.item", "1|Toy Story (1995)|01-Jan-1995||x|" + "|".join("0" * 19) + "\n" * 50
        )
        archive.writestr("ml-100k/u.data", "1\t1\t5\t881250949\n")
    whole = (workflow.folder / "whole.zip").read_bytes()
    (workflow.folder / "cut.zip").write_bytes(whole[: len(whole) // 2])
    workflow.settings |= {"catalogue": {"archive": "cut.zip"}}
    assert "cut.zip" in told(workflow, "catalogue")


def test_a_ratings_row_that_does_not_parse(workflow):
    with zipfile.ZipFile(workflow.folder / "bad.zip", "w") as archive:
        archive.writestr("ml-100k/u.item", "1|Toy Story (1995)|01-Jan-1995||x|" + "|".join("0" * 19) + "\n")
        archive.writestr("ml-100k/u.data", "1\t1\t5\t881250949\n1\tone\t5\t881250949\n")
    (workflow.folder / "mine.csv").write_text("id,title,year\n1,Toy Story,1995\n")
    workflow.settings |= {"catalogue": {"archive": "bad.zip", "movies": "mine.csv"}}
    assert "u.data, line 2" in told(workflow, "catalogue")


def test_damaged_media_is_an_outcome_and_the_run_goes_on(workflow):
    (workflow.folder / "m").mkdir()
    (workflow.folder / "m/empty.mp3").write_bytes(b"")
    (workflow.folder / "m/page.ogg").write_bytes(b"<html>Not found</html>")
    (workflow.folder / "m/utf16.srt").write_text(
        "1\n00:00:01,000 --> 00:00:04,000\nOne man stands alone.\n", "utf-16"
    )
    (workflow.folder / "m/cut.srt").write_text(
        "1\n00:00:01,000 --> 00:00:04,000\nOne man stands alone.\n\n2\n00:00:05,0"
    )
    (workflow.folder / "mine.csv").write_text(
        HEADER
        + "1,Empty,1995,m/empty.mp3\n2,Page,1996,m/page.ogg\n3,Wide,1997,m/utf16.srt\n4,Cut,1998,m/cut.srt\n"
    )
    workflow.settings |= {"catalogue": {"movies": "mine.csv", "archive": None}}
    workflow.settings["models"]["speech"] = {"model": "faster-whisper-tiny.en"}
    workflow.run("trailers")
    import json

    found = {
        path.stem: json.loads(path.read_text())
        for path in (workflow.folder / "results/prepare_transcript").glob("*.json")
    }
    assert {movie: outcome["status"] for movie, outcome in found.items()} == {
        "1": "failed", "2": "failed", "3": "ok", "4": "ok",
    }  # fmt: skip
    assert found["3"]["data"]["text"] == found["4"]["data"]["text"] == "One man stands alone."
    assert "empty.mp3" in found["1"]["reasons"][0]
