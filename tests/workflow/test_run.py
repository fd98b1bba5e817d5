"""The whole way on the small sample with real models: every movie has its outcome, every table is there."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from document_types import DOCUMENTS, check_document

from trailerflow.outcomes import read_outcome

pytestmark = pytest.mark.slow


def outcomes(folder: Path, rule: str) -> dict[str, dict]:
    return {path.stem: json.loads(path.read_text()) for path in (folder / "results" / rule).rglob("*.json")}


def table(folder: Path) -> list[dict[str, str]]:
    with open(folder / "resources/sample/movies.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_every_movie_has_a_typed_outcome_by_every_rule(finished_run):
    movies = {row["id"] for row in table(finished_run.folder)}
    for rule in ("find_trailer", "fetch_captions", "fetch_audio", "transcribe_trailer", "prepare_transcript"):
        found = outcomes(finished_run.folder, rule)
        assert set(found) == movies
        assert all(outcome["status"] in ("ok", "absent", "failed", "later") for outcome in found.values())


def test_every_document_is_as_its_type_says(finished_run):
    for rule in set(DOCUMENTS) - {"remove_audio"}:  # the sample downloads nothing
        documents = list((finished_run.folder / "results" / rule).rglob("*.json"))
        assert documents
        for path in documents:
            check_document(read_outcome(path))


def test_the_missing_and_the_silent_movie_are_absent_and_no_model_was_asked(finished_run):
    folder = finished_run.folder
    prepared = outcomes(folder, "prepare_transcript")
    absent = {movie for movie, outcome in prepared.items() if outcome["status"] == "absent"}
    assert len(absent) == 2
    assert all(prepared[movie]["reasons"] for movie in absent)
    summaries = list((folder / "results/summarise_movie").rglob("*.json"))
    asked = [json.loads(path.read_text()) for path in summaries]
    assert {outcome["movie"] for outcome in asked if outcome["status"] == "absent"} >= absent
    for movie in absent:
        row = next(row for row in table(folder) if row["id"] == movie)
        title = row["title"].split(",")[0]
        kept = [path.read_text() for path in (folder / "resources/cache/llm").rglob("v1-*.json")]
        # A ranking may name it.
        described = [text for text in kept if "Films that the viewer has rated" not in text]
        assert described
        assert all(f"Title: {title}" not in text for text in described)
        for path in summaries:
            if path.stem == movie:
                assert "usages" not in json.loads(path.read_text())["source"]


def test_speech_was_recognised_for_real(finished_run):
    spoken = [
        outcome for outcome in outcomes(finished_run.folder, "prepare_transcript").values()
        if outcome["status"] == "ok" and outcome["data"]["origin"] == "speech"
    ]  # fmt: skip
    assert len(spoken) == 1
    assert spoken[0]["data"]["words"] > 80


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("score_summaries/metrics.csv", {"system", "row_kind", "prompt", "metric", "value", "low", "high"}),
        ("score_genres/metrics.csv", {"system", "row_kind", "part", "label", "precision", "recall", "f1"}),
        ("score_rankings/metrics.csv", {"ranker", "row_kind", "users_set", "metric", "value", "low", "high"}),
    ],
)
def test_every_metric_table_has_company(finished_run, path, columns):
    frame = pd.read_csv(finished_run.folder / "results" / path)
    assert columns <= set(frame.columns)
    names = set(frame.iloc[:, 0])
    assert any(name.partition("/")[0] == "smollm2" for name in names)
    company = {
        "score_summaries": "mismatch floor",
        "score_genres": "constant (Drama, Comedy)",
        "score_rankings": "chance",
    }
    assert company[path.split("/")[0]] in names


def test_the_report_is_one_page_that_needs_no_network(finished_run):
    page = (finished_run.folder / "results/make_report/index.html").read_text()
    assert "<svg" in page
    assert 'src="http' not in page
    assert 'href="http' not in page.split("<main")[0]


def test_a_second_run_has_nothing_to_do(finished_run):
    done = finished_run.run()
    assert "Nothing to be done" in done.stdout + done.stderr


def test_no_server_outlives_the_run(finished_run):
    assert not list((finished_run.folder / "run/servers").glob("*.json"))


def test_snakemakes_own_report_is_made(finished):
    finished.run("--report", "snakemake-report.html")
    assert (finished.folder / "snakemake-report.html").stat().st_size > 10_000


def test_a_section_of_the_report_joins_by_one_file_and_one_line(finished):
    reports = finished.folder / "src/trailerflow/reports"
    shutil.copy(Path(__file__).parents[1] / "made_up/points.py", reports / "sections")
    after = "from trailerflow.reports.sections.judging import Judging\n"
    line = "from trailerflow.reports.sections.points import Points\n"
    finished.replace("src/trailerflow/reports/register.py", after, after + line)
    assert set(finished.jobs()) == {"make_report", "all"}
    finished.run()
    page = (finished.folder / "results/make_report/index.html").read_text()
    ratings = pd.read_parquet(finished.folder / "results/judge_summaries/ratings.parquet")
    assert f"<li>The judge gave {len(ratings)} ratings.</li>" in page
