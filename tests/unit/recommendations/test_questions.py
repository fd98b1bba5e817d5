"""What a question holds: history up to its time, and films by list or by rule."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.questions import Questions
from unit.recommendations.frames import coded_ratings

KNOWN = coded_ratings([("u", "a", 5, 1), ("u", "b", 3, 2), ("u", "c", 1, 9), ("v", "a", 2, 1)], ["d", "e"])


def questions(candidates: list[tuple[str | None, str]], rule: str) -> Questions:
    asked = pd.DataFrame({"user": ["v", "u"], "timestamp": [5, 5], "rule": rule})
    return Questions(asked, pd.DataFrame(candidates, columns=["user", "movie"]), KNOWN)


def films(asked: Questions, number: int) -> list[str]:
    return asked.movies[asked.numbered(number).candidates].tolist()


def test_a_history_ends_at_the_time_of_the_question() -> None:
    _, asked = questions([("u", "d")], "listed")
    assert asked.user == "u"
    assert asked.history.movies.tolist() == [0, 1]
    assert asked.history.ratings.tolist() == [5, 3]
    assert asked.history.times.tolist() == [1, 2]


def test_listed_films_are_the_users_own_in_their_order() -> None:
    asked = questions([("u", "e"), ("v", "c"), ("u", "d")], "listed")
    assert films(asked, 1) == ["e", "d"]
    assert films(asked, 0) == ["c"]


def test_the_catalogue_is_what_the_user_has_not_rated_at_any_time() -> None:
    asked = questions([(None, film) for film in "abcde"], "catalogue")
    assert films(asked, 1) == ["d", "e"]
    assert films(asked, 0) == ["b", "c", "d", "e"]


def test_some_questions_keep_their_numbers() -> None:
    asked = pd.DataFrame({"user": ["v", "u"], "timestamp": [5, 5], "rule": "listed"})
    candidates = pd.DataFrame({"user": ["u"], "movie": ["d"]})
    chosen = Questions(asked, candidates, KNOWN, pd.Series([1]).to_numpy())
    assert len(chosen) == 1
    assert [question.number for question in chosen] == [1]
    assert [question.user for question in chosen[0:1]] == ["u"]
