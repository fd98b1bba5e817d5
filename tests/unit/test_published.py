"""The table of published figures: what it holds, what its reader gives and refuses, and what its hash goes over."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.published import published_hash, published_rows

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "resources/published_figures.csv"
HEADER = "stage,system,prompt,part,protocol,users_set,label,metric,statistic,k,value,cases,note,source"
RANKING = "recommendations,published (a paper),,,report,llm,,ndcg,,5,0.861,616,another protocol,a paper"
GENRES = "genres,published (a paper),,all,,,micro,f1,,,0.6,1633,,a paper"


@pytest.fixture
def table(tmp_path: Path):
    def write(*lines: str, header: str = HEADER) -> Path:
        path = tmp_path / "published.csv"
        path.write_text("\n".join([header, *lines, ""]))
        return path

    return write


def test_a_row_has_the_names_of_its_stage_and_no_empty_cell(table):
    rows = published_rows(table(RANKING, GENRES), "recommendations", {"system": "ranker", "cases": "users"})
    assert rows == [
        {
            "row_kind": "published", "ranker": "published (a paper)", "protocol": "report", "users_set": "llm", "metric": "ndcg", "k": 5,
            "value": 0.861, "users": 616, "note": "another protocol",
        }
    ]  # fmt: skip
    assert published_rows(table(RANKING, GENRES), "summaries", {}) == []


def test_the_hash_goes_over_the_figures_of_the_stage_alone(table):
    both = published_hash(table(RANKING, GENRES), "genres")
    assert published_hash(table(GENRES), "genres") == both
    assert published_hash(table(RANKING, GENRES.replace("0.6", "0.7")), "genres") != both


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            RANKING.replace("0.861", "high"),
            "published.csv, row 2: could not convert string to float: 'high'.",
        ),
        (RANKING.replace("616", ""), "published.csv, row 2: cases is empty."),
        (RANKING.replace(",a paper", ","), "published.csv, row 2: source is empty."),
        (RANKING.replace(",5,", ",five,"), "published.csv, row 2: invalid literal for int"),
    ],
)
def test_a_row_that_cannot_be_is_named(table, line, words):
    with pytest.raises(TrailerflowError) as error:
        published_rows(table(line), "recommendations", {})
    assert words in str(error.value)


def test_a_table_without_a_column_and_no_table_are_one_sentence(table, tmp_path):
    with pytest.raises(TrailerflowError, match=r"must have the columns stage, system, "):
        published_rows(table(RANKING, header=HEADER.replace("source", "from")), "recommendations", {})
    with pytest.raises(TrailerflowError, match=r"missing\.csv is missing"):
        published_rows(tmp_path / "missing.csv", "genres", {})


@pytest.mark.parametrize(("stage", "number"), [("summaries", 8), ("genres", 4), ("recommendations", 6)])
def test_our_table_has_the_figures_of_every_stage_that_scores(stage, number):
    rows = published_rows(TABLE, stage, {})
    assert len(rows) >= number
    assert all(0 <= row["value"] <= 1 for row in rows)
