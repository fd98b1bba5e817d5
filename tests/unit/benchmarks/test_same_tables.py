"""The comparison of two results folders: what is equal, what is new, what differs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def same(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import same_tables

    return same_tables


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    return tmp_path / "before", tmp_path / "after"


def films(**more) -> pd.DataFrame:
    return pd.DataFrame({"movie": ["1", "2"], "value": [0.25, 0.5], **more})


def write(frame: pd.DataFrame, folder: Path, path: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    if path.endswith(".csv"):
        frame.to_csv(folder / path, index=False)
    else:
        frame.to_parquet(folder / path, index=False)


def told(same, folders, changes=None) -> list[tuple[str, str, bool]]:
    return [(one.path, one.said, one.same) for one in same.findings(*folders, changes or {})]


def test_types_and_the_order_of_rows_do_not_count(same):
    old = pd.DataFrame(
        {"movie": ["1", "2", "3"], "count": [1, 10, 9], "list": [[1, 2], [], [3]], "none": None}
    )
    new = pd.DataFrame(
        {
            "movie": pd.Categorical(["3", "1", "2"]),
            "count": [9.0, 1.0, 10.0],
            "list": [np.array([3]), np.array([1, 2]), np.array([])],
            "none": [np.nan, pd.NA, None],
        }
    )
    assert same.compare("t", old, new) == same.Finding("t", "equal", same=True)


def test_a_value_that_differs_is_told_with_both(same):
    finding = same.compare("t", films(), films().assign(value=[0.25, 0.75]))
    assert finding == same.Finding("t", "differs in value, 1 of 2 rows: 0.75, 0.5 before", same=False)


def test_a_missing_value_is_none_of_the_others(same):
    assert not same.compare("t", films(), films().assign(value=[0.25, np.nan])).same


def test_rows_and_columns_that_are_lost(same):
    assert same.compare("t", films(), films().head(1)).said == "has 1 rows, 2 before"
    assert same.compare("t", films(), films()[["movie"]]).said == "lacks value"


def test_a_row_that_is_there_twice_stands_for_no_other(same):
    assert not same.compare("t", films(), films().iloc[[0, 0]]).same


def test_only_declared_columns_may_be_new(same):
    new = films(status="ok")
    assert same.compare("t", films(), new).said == "has status, which is not declared"
    finding = same.compare("t", films(), new, frozenset({"status"}))
    assert finding == same.Finding("t", "equal, with new columns status", same=True)


def test_tables_are_found_in_folders_and_a_missing_one_is_told(same, folders):
    before, after = folders
    write(films(), before, "a/one.csv")
    write(films(), before, "b/two.parquet")
    write(films(), after, "a/one.csv")
    write(films(), after, "c/three.parquet")
    assert told(same, folders) == [
        ("a/one.csv", "equal", True),
        ("b/two.parquet", "is missing; before it was b/two.parquet", False),
        ("c/three.parquet", "is new", True),
    ]


def test_a_table_that_moved_and_was_split_is_made_from_the_old_one(same, folders):
    before, after = folders
    write(films(ranker=["a", "b"]), before, "rank/all.parquet")
    write(films().head(1).assign(fold=0), after, "films/a.parquet")
    write(films().tail(1).assign(fold=0), after, "films/b.parquet")

    def by_ranker(path: str, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
        return {
            f"films/{name}.parquet": rows.drop(columns="ranker") for name, rows in table.groupby("ranker")
        }

    changes = {"rank/*.parquet": same.Change(by_ranker, frozenset({"fold"}))}
    assert told(same, folders, changes) == [
        ("films/a.parquet", "equal, with new columns fold", True),
        ("films/b.parquet", "equal, with new columns fold", True),
    ]
    write(films().tail(1).assign(fold=0, value=9.0), after, "films/b.parquet")
    assert [same for _, _, same in told(same, folders, changes)] == [True, False]


@pytest.mark.parametrize(("value", "status"), [(0.5, 0), (0.75, 1)])
def test_the_command_says_it_by_its_status(folders, value, status):
    before, after = folders
    write(films(), before, "a.csv")
    write(films().assign(value=[0.25, value]), after, "a.csv")
    command = [sys.executable, str(ROOT / "benchmarks/same_tables.py"), str(before), str(after)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    assert ("all as before" in done.stdout) == (status == 0)


def test_two_folders_without_tables_are_not_said_to_be_equal(folders):
    command = [sys.executable, str(ROOT / "benchmarks/same_tables.py"), *map(str, folders)]
    assert subprocess.run(command, capture_output=True, text=True).returncode == 1


def test_a_models_list_of_genres_becomes_a_decision_on_each(same):
    old = pd.DataFrame(
        {
            "movie": ["1", "2"],
            "status": ["ok", "absent"],
            "genres": [np.array(["War", "Drama"]), None],
            "cut": [False, None],
        }
    )
    made = same.CHANGES["predict_genres/*.parquet"].made("predict_genres/m.parquet", old)
    rows = made["predict_genres/m/zero_shot.parquet"]
    assert len(rows) == 2 * 18
    assert set(rows.loc[rows["predicted_global"] == True, "genre"]) == {"War", "Drama"}  # noqa: E712
    assert rows.loc[rows["movie"] == "2", ["predicted_global", "predicted_per_genre"]].isna().all().all()
    assert list(made["predict_genres/films/m/zero_shot.parquet"]) == ["movie", "status", "cut"]


def test_an_encoders_columns_become_rows_and_inner_folds_are_new(same):
    genres = dict.fromkeys(same.GENRES, 0.25) | {"War": 0.75}
    decided = {f"predicted_{genre}": genre == "War" for genre in same.GENRES}
    old = pd.DataFrame([{"movie": "1", "part": "held-out"} | genres | decided])
    change = same.CHANGES["tune_encoder/predictions.parquet"]
    ((path, rows),) = change.made("tune_encoder/predictions.parquet", old).items()
    assert path == "predict_genres/minilm-distilbert.parquet"
    assert rows.loc[
        rows["predicted_per_genre"], ["movie", "part", "genre", "probability"]
    ].values.tolist() == [["1", "held-out", "War", 0.75]]
    new = pd.concat(
        [rows.assign(fold=1), rows.assign(part="inner", fold=0), rows.assign(status="absent", fold=1)]
    )
    assert same.compare(path, rows, change.rows(new), change.new).said == "equal, with new columns fold"


def test_scores_of_summaries_stand_without_their_new_company(same):
    rows = [
        ("m", "zero_shot", "full", "rougeL"),
        ("mismatch floor", None, "full", "rougeL"),
        ("m", "zero_shot", "equal", "rougeL"),
        ("m", "zero_shot", "full", "found"),
        ("human plot", None, "full", "faithfulness"),
        ("mismatch floor", None, "full", "faithfulness"),
        ("common words", None, "full", "rougeL"),
    ]
    new = pd.DataFrame(rows, columns=["system", "prompt", "length", "metric"])
    kept = same.CHANGES["score_summaries/metrics.csv"].rows(new)
    assert kept.index.tolist() == [0, 1]
