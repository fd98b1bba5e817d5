"""Who would like a film: its score for every user who has not rated it, and the means of kinds of users."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import pytest

from trailerflow.recommendations import viewers
from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.histories import FromHistory
from trailerflow.recommendations.viewers import scores_by_kind, scores_by_user

RATINGS = pd.DataFrame(
    {
        "user": ["10", "9", "9", "10", "2", "2"],
        "movie": ["a", "b", "a", "b", "new", "a"],
        "rating": [5.0, 2.0, 4.0, 3.0, 5.0, 1.0],
        "timestamp": [20, 10, 30, 10, 10, 20],
    }
)


class LastRating(FromHistory):
    """The last rating of the user, and a tenth of the film's code."""

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        return float(history.ratings[-1]) + candidates / 10.0

    def save(self, folder: Path) -> None:
        raise NotImplementedError

    @classmethod
    def load(cls, folder: Path) -> Self:
        raise NotImplementedError


def test_every_user_is_scored_who_has_not_rated_the_film():
    scores = scores_by_user(LastRating(pd.Index(["a", "b", "new"])), RATINGS, "new", seed=0)
    assert scores.to_numpy().tolist() == [["10", 5.2], ["9", 4.2]]


def test_of_many_users_some_are_drawn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(viewers, "MOST_USERS", 7)
    users = [f"u{number}" for number in range(50)]
    ratings = pd.DataFrame({"user": users, "movie": "a", "rating": 3.0, "timestamp": np.arange(50)})
    drawn = [
        set(scores_by_user(LastRating(pd.Index(["a", "new"])), ratings, "new", seed)["user"])
        for seed in (0, 0, 1)
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(drawn[0]) == 7


def test_kinds_of_users_have_the_mean_of_their_scores():
    scores = pd.DataFrame({"user": ["1", "2", "3", "4"], "score": [1.0, 0.0, 3.0, -1.0]})
    people = pd.DataFrame(
        {
            "user": ["1", "2", "3"],
            "age": pd.array([17, 30, 18], dtype="Int64"),
            "sex": ["F", "M", "M"],
            "occupation": ["artist", "doctor", "artist"],
        }
    )
    assert scores_by_kind(scores, people).to_numpy().tolist() == [
        ["age", "under 18", 1.0, 1],
        ["age", "18 to 24", 3.0, 1],
        ["age", "25 to 34", 0.0, 1],
        ["sex", "M", 1.5, 2],
        ["sex", "F", 1.0, 1],
        ["occupation", "artist", 2.0, 2],
        ["occupation", "doctor", 0.0, 1],
    ]


def test_an_archive_that_tells_nothing_of_its_users_has_no_kinds():
    nobody = pd.DataFrame({"user": [], "age": [], "sex": [], "occupation": []}).astype(
        {"user": str, "age": "Int64"}
    )
    assert scores_by_kind(pd.DataFrame({"user": ["1"], "score": [1.0]}), nobody).empty
