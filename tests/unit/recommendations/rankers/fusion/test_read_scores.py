"""Scores of others by user and film, and what is made of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.protocols.contract import LISTED
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.fusion.read_scores import ReadScores, places, standardised
from unit.recommendations.frames import coded_ratings

KNOWN = coded_ratings([("u", "a", 5, 1), ("v", "b", 3, 1)], ["a", "b", "c"])


def test_each_question_gets_its_own_scores_whatever_the_order_of_the_rows() -> None:
    rows = [("ease", "u", "c", 3.0), ("als", "v", "b", 2.0), ("ease", "u", "b", 1.0), ("als", "u", "b", 7.0)]
    scores = pd.DataFrame([*rows, ("ease", "w", "b", 9.0)], columns=["ranker", "user", "movie", "score"])
    candidates = pd.DataFrame([("u", "b"), ("u", "c"), ("u", "a")], columns=["user", "movie"])
    asked = pd.DataFrame({"user": ["u"], "timestamp": 9, "rule": LISTED})
    questions = Questions(asked, candidates, KNOWN)
    read = ReadScores(scores, ["als", "ease", "lost"], questions.users, questions.movies)
    found = read.of(questions[0])
    expected = [[7.0, 1.0, np.nan], [np.nan, 3.0, np.nan], [np.nan, np.nan, np.nan]]
    np.testing.assert_array_equal(found, expected)


def test_a_column_without_a_spread_says_nothing_and_a_missing_score_is_last() -> None:
    scores = np.array([[2.0, 1.0], [2.0, np.nan], [2.0, 5.0]])
    np.testing.assert_allclose(standardised(scores), [[0, -1], [0, 0], [0, 1]])
    np.testing.assert_allclose(places(scores)[:, 1], np.log1p([1, 2, 0]))
