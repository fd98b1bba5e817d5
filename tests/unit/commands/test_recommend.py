"""``trailerflow recommend``: who is asked about, which ranker answers, and what is printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from trailerflow.commands import run_command
from trailerflow.commands.recommend import ranker_folder
from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.recommending.recommender import ARCHIVE as ARCHIVE_PLACE
from trailerflow.recommendations.recommending.recommender import RATINGS as RATINGS_PLACE
from trailerflow.tables import write_table
from unit.recommendations.recommending.shop import ARCHIVE, RATINGS, recommender_of

SECTION = {"saved": ["ease", {"name": "mine", "kind": "als"}]}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_table(ARCHIVE, ARCHIVE_PLACE)
    write_table(RATINGS, RATINGS_PLACE)
    recommender_of(tmp_path / "results/fit_rankers/ease")
    recommendations = {"saved": ["ease"], "feedback": "feedback.csv"}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump({"recommendations": recommendations}))
    (tmp_path / "feedback.csv").write_text("user,movie,rating,timestamp\n")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    run_command(["recommend", *arguments])
    return capsys.readouterr().out


def test_three_ratings_are_enough_and_unknown_films_are_counted(project: Path, capsys) -> None:
    (project / "mine.csv").write_text(
        "title,year,rating\nThe Usual Suspects,1995,5\nAlien,,4\nNowhere,,3\nNever,,3\n"
    )
    told = said(capsys, "--ratings", "mine.csv", "--films", "1")
    assert told.splitlines()[0] == "For you, by ease from 2 ratings:"
    assert "2 ratings are of films that are not known and were left out, the first: mine.csv, row 4" in told
    assert (
        "  1  Heat (1995): Crime, Thriller" in told and "You gave The Usual Suspects (1995) 5 stars." in told
    )


def test_feedback_that_is_appended_changes_the_next_answer(project: Path, capsys) -> None:
    before = said(capsys, "--user", "u3", "--films", "1")
    assert "Sabrina (1954)" in before
    with (project / "feedback.csv").open("a") as table:
        table.write("u3,5,5,900\nsomebody,1,5,900\n")
    after = said(capsys, "--user", "u3", "--films", "1")
    assert after.startswith("For the user u3, by ease from 3 ratings:") and "1  Sabrina (1954)" not in after
    assert "Aliens (1986)" in said(capsys, "--user", "somebody", "--films", "1")


def test_the_ranker_that_was_fitted_last_answers(project: Path) -> None:
    assert ranker_folder(SECTION, None) == Path("results/fit_rankers/ease")
    recommender_of(project / "results/retrain_rankers/ease")
    for place, second in (("fit_rankers", 1), ("retrain_rankers", 2)):
        os.utime(project / "results" / place / "ease", (second, second))
    assert ranker_folder(SECTION, "ease") == Path("results/retrain_rankers/ease")
    os.utime(project / "results/fit_rankers/ease", (3, 3))
    assert ranker_folder(SECTION, "ease") == Path("results/fit_rankers/ease")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Nobody is named"),
        (["--user", "u1", "--films", "0"], "--films is 0"),
        (["--user", "u1", "--ranker", "als"], "choose one of recommendations.saved: ease"),
        (["--user", "nobody"], "No rating of the user nobody"),
        (["--ratings", "none.csv"], r"none\.csv is missing"),
    ],
)
def test_what_cannot_be_answered_has_its_sentence(project: Path, arguments: list[str], sentence: str) -> None:
    with pytest.raises(TrailerflowError, match=sentence):
        run_command(["recommend", *arguments])


def test_a_ranker_that_is_not_saved_yet_says_how_to_make_it(project: Path) -> None:
    (project / "results/fit_rankers/ease/ranker.json").unlink()
    with pytest.raises(TrailerflowError, match="snakemake saved_rankers"):
        run_command(["recommend", "--user", "u1"])
