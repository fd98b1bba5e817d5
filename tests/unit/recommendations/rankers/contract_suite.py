"""What every ranker must do: a ranker's test class inherits these tests and says how the ranker is made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from trailerflow.outcomes import STATUSES
from trailerflow.recommendations.protocols.contract import CATALOGUE, LISTED
from trailerflow.recommendations.questions import Question, Questions
from trailerflow.recommendations.rankers.contract import Fitted, FoldsIn, Ranker, Saves, Scores, Side
from trailerflow.recommendations.rankers.histories import NO_HISTORY
from unit.recommendations.frames import coded_ratings, movie_table, random_ratings

RATINGS = random_ratings()
FILMS = list(RATINGS["movie"].cat.categories)
USERS = list(RATINGS["user"].cat.categories)
NEW_USER, NEW_FILM = "nobody", "m0"


def known_ratings(ratings: pd.DataFrame) -> pd.DataFrame:
    """Ratings without any of `NEW_FILM`, with the categories of all users and of `NEW_USER`."""
    users = pd.CategoricalDtype([*ratings["user"].cat.categories, NEW_USER])
    return ratings[ratings["movie"] != NEW_FILM].astype({"user": users}).reset_index(drop=True)


KNOWN = known_ratings(RATINGS)
OTHERS = known_ratings(random_ratings(seed=1))


def questions(
    numbers: list[int] | None = None, *, users: list[str] | None = None, rule: str = LISTED
) -> Questions:
    """Every user is asked about all films, as a list or as a rule."""
    users = [*KNOWN["user"].cat.categories] if users is None else users
    asked = pd.DataFrame({"user": users, "timestamp": 1000, "rule": rule})
    rows = (
        [(user, film) for user in users for film in FILMS]
        if rule == LISTED
        else [(None, film) for film in FILMS]
    )
    candidates = pd.DataFrame(rows, columns=["user", "movie"])
    return Questions(asked, candidates, KNOWN, None if numbers is None else np.array(numbers))


def answers(fitted: Fitted, asked: Questions) -> dict[int, Scores]:
    return {scores.question: scores for scores in fitted.score(asked)}


def values(fitted: Fitted, asked: Questions) -> dict[int, npt.NDArray[np.float64]]:
    return {number: scores.scores for number, scores in answers(fitted, asked).items()}


class RankerContract:
    """The tests; a class for each ranker gives `ranker`.

    Attributes:
        compares_films: Whether a film's score hangs on the other films of the question.
    """

    compares_films = False

    @pytest.fixture
    def ranker(self) -> Ranker:
        raise NotImplementedError

    @pytest.fixture
    def side(self, ranker: Ranker) -> Side:
        genres = [["Drama"], ["Drama", "War"], ["Comedy"]]
        rows = [(film, f"Film {film}", 1990, genres[place % 3]) for place, film in enumerate(FILMS)]
        films = movie_table(rows)
        tables = {"archive": films, "movies": films}
        people = [(user, 30 + place, "FM"[place % 2], "writer") for place, user in enumerate(USERS[:-1])]
        tables["people"] = pd.DataFrame(people, columns=["user", "age", "sex", "occupation"])
        tables["texts"] = pd.DataFrame({"movie": FILMS[:3], "text": ["A war.", "A love.", "War and love."]})
        tables["vectors"] = pd.DataFrame({"movie": FILMS[:3], "vector": [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]]})
        tables["title_vectors"] = tables["vectors"]
        tables["summaries"] = pd.DataFrame({"movie": FILMS[:3], "status": "ok", "summary": "Told."})
        return {name: tables[name] for name in ranker.side}

    @pytest.fixture
    def fitted(self, ranker: Ranker, side: Side) -> Fitted:
        return ranker.fit(KNOWN, KNOWN.head(0), side)

    def test_it_says_where_it_comes_from(self, ranker):
        assert ranker.source

    def test_every_question_is_answered_film_by_film(self, ranker, fitted):
        found = answers(fitted, questions())
        assert sorted(found) == list(range(len(questions())))
        for scores in found.values():
            assert scores.scores.shape == (len(FILMS),)
            assert set(scores.told) <= {"status", *ranker.tells}
            assert all(len(column) == len(FILMS) for column in scores.told.values())
            status = scores.told.get("status", ["ok"] * len(FILMS))
            assert set(status) <= set(STATUSES)
            scored = np.isfinite(scores.scores)
            assert [word == "ok" for word in status] == scored.tolist()  # a new user and a new film too

    def test_the_same_ratings_give_the_same_scores_whatever_was_fitted_between(self, ranker, side):
        before, ratings = values(ranker.fit(KNOWN, KNOWN.head(0), side), questions()), KNOWN.copy(deep=True)
        ranker.fit(OTHERS, OTHERS.head(0), side)
        again = values(ranker.fit(KNOWN, KNOWN.head(0), side), questions())
        pd.testing.assert_frame_equal(KNOWN, ratings)
        for number, scores in before.items():
            np.testing.assert_array_equal(scores, again[number])

    def test_a_later_fit_does_not_reach_an_earlier_one(self, ranker, side, fitted):
        before = values(fitted, questions())
        ranker.fit(OTHERS, OTHERS.head(0), side)
        for number, scores in values(fitted, questions()).items():
            np.testing.assert_array_equal(scores, before[number])

    def test_the_order_of_the_questions_changes_no_score(self, fitted):
        in_order = values(fitted, questions([0, 1, 2, 3]))
        for number, scores in values(fitted, questions([3, 1, 2, 0])).items():
            np.testing.assert_array_equal(scores, in_order[number])

    def test_a_film_has_one_score_whether_listed_or_of_the_catalogue(self, fitted):
        if self.compares_films:
            pytest.skip("this ranker's score of a film hangs on the others of the list")
        listed = values(fitted, questions())
        asked = questions(rule=CATALOGUE)
        for number, scores in values(fitted, asked).items():
            films = asked.numbered(number).candidates
            assert films.size < len(FILMS) or asked.numbered(number).user == NEW_USER
            np.testing.assert_allclose(scores, listed[number][films], rtol=1e-6)

    def test_without_questions_nothing_is_said(self, fitted):
        assert list(fitted.score(questions([]))) == []

    def test_without_ratings_it_still_answers(self, ranker, side):
        nothing = KNOWN.head(0)
        found = answers(ranker.fit(nothing, nothing, side), questions([0, 1]))
        assert len(found) == 2

    def test_folding_in_reaches_that_user_alone(self, fitted):
        if not isinstance(fitted, FoldsIn):
            pytest.skip("this ranker folds nobody in")
        new = len(questions()) - 1
        before = values(fitted, questions())
        rows = [(NEW_USER, "m1", 5, 1), (NEW_USER, "m2", 4, 2), (NEW_USER, NEW_FILM, 3, 3)]
        ratings = coded_ratings(rows).astype({column: KNOWN[column].dtype for column in ("user", "movie")})
        after = values(fitted.fold_in(ratings), questions())
        assert not np.array_equal(after.pop(new), before[new])
        for number, scores in after.items():
            np.testing.assert_array_equal(scores, before[number])
        np.testing.assert_array_equal(values(fitted, questions())[new], before[new])

    def test_what_is_saved_scores_the_same(self, fitted, tmp_path: Path):
        if not isinstance(fitted, Saves):
            pytest.skip("this ranker is not applied later")
        fitted.save(tmp_path)
        assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} <= {
            ".npz",
            ".json",
            ".safetensors",
            ".txt",
        }
        loaded = type(fitted).load(tmp_path)
        assert isinstance(loaded, Fitted)
        for number, scores in values(loaded, questions()).items():
            np.testing.assert_array_equal(scores, values(fitted, questions())[number])

    def test_what_is_named_as_saved_learns_of_a_user_after_it_was_read(self, ranker, fitted, tmp_path: Path):
        if ranker.saved() is None:
            pytest.skip("this ranker is not saved by a run")
        assert ranker.saved() is type(fitted)
        fitted.save(tmp_path)
        loaded = ranker.saved().load(tmp_path)
        assert list(loaded.films) == FILMS
        ratings = coded_ratings([("stranger", "m1", 5, 1), ("stranger", "m3", 2, 2)], FILMS)
        asked = [Question(0, "stranger", 9, NO_HISTORY, np.arange(len(FILMS)))]
        (of_fit,), (of_file,) = (each.fold_in(ratings).score(asked) for each in (fitted, loaded))
        np.testing.assert_array_equal(of_file.scores, of_fit.scores)
        (before,) = loaded.score(asked)
        assert not np.array_equal(before.scores, of_file.scores)
