"""Users whom a ranker has not ranked for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from trailerflow.recommendations.unranked import unranked
from trailerflow.tables import write_table


def test_users_are_counted_once_and_of_the_test_alone(tmp_path: Path) -> None:
    rows = [
        ("test", "1", "later"), ("test", "1", "failed"), ("test", "2", "ok"), ("test", "2", "failed"), ("test", "3", "ok"),
        ("block", "4", "later"),
    ]  # fmt: skip
    path = tmp_path / "rank_films/leave_last/model/yes_no.parquet"
    write_table(pd.DataFrame(rows, columns=["part", "user", "status"]).astype({"user": "category"}), path)
    (row,) = unranked([path]).to_dict("records")
    assert row == {"split": "leave_last", "ranker": "model/yes_no", "asked": 3, "unranked": 2, "later": 1}
    assert list(unranked([]).columns) == list(row)
