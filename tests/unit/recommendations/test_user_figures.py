"""The figures of every user as a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trailerflow.recommendations.scoring import score_rankings
from trailerflow.recommendations.user_figures import user_figures
from trailerflow.tables import read_table, write_table
from unit.recommendations.judging import arms_by_hand, judged_of, scored, truth_of

RATINGS = [
    ("1", "a", 5.0), ("1", "b", 3.0), ("1", "c", 1.0),
    ("2", "a", 4.0), ("2", "b", 2.0), ("2", "c", 3.0),
    ("3", "a", 4.0), ("3", "b", 4.0), ("3", "c", 4.0),
]  # fmt: skip


def test_their_means_are_the_figures_of_the_table_of_scores(tmp_path: Path) -> None:
    truth = truth_of(RATINGS)
    scores = [3, 2, 1, np.nan, 2, 3, 1, 2, 3]
    arms = arms_by_hand(
        judged_of(truth, drawn=["1"]),
        {"ranker": scored(truth, scores), "other": scored(truth.head(3), [1, 2, 3])},
    )
    write_table(user_figures(arms), tmp_path / "users.parquet")
    users = read_table(tmp_path / "users.parquet")
    assert users["value"].notna().all()
    keys = ["split", "protocol", "ties", "users_set", "ranker", "row_kind", "metric", "k"]
    found = (
        users.astype(dict.fromkeys(keys[:-1], str)).groupby(keys, dropna=False)["value"].agg(["mean", "size"])
    )
    table = score_rankings(arms, seed=0)
    both = table[table["users"] > 0].merge(found.reset_index(), on=keys, how="outer")
    assert both["value"].to_numpy() == pytest.approx(both["mean"].to_numpy())
    assert both["users"].tolist() == both["size"].tolist()
    assert set(users.loc[users["ranker"] == "ranker", "user"]) == {"1"}  # user 2 lacks a score, 3's are equal


def test_without_arms_there_are_no_rows() -> None:
    assert user_figures([]).empty
