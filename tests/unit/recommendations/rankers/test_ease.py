"""EASE, with the solution of its least squares as the reference."""

from __future__ import annotations

import tracemalloc
from types import SimpleNamespace

import numpy as np
import pandas as pd
import psutil
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.protocols.contract import CATALOGUE
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.ease import BYTES_OF_A_PAIR, Ease
from unit.recommendations.frames import asked_about, coded_ratings, random_ratings

RATINGS = random_ratings()


def test_each_film_is_fitted_by_ridge_regression_on_all_others() -> None:
    penalty = 2.0
    rated = np.zeros((12, 10))
    rated[RATINGS["user"].cat.codes, RATINGS["movie"].cat.codes] = 1
    expected = np.zeros((10, 10))
    for film in range(10):
        others = [other for other in range(10) if other != film]
        left = rated[:, others]
        expected[others, film] = np.linalg.solve(left.T @ left + penalty * np.eye(9), left.T @ rated[:, film])
    catalogue = pd.DataFrame({"user": None, "movie": RATINGS["movie"].cat.categories})
    asked = Questions(asked_about(RATINGS, rule=CATALOGUE).questions, catalogue, RATINGS)
    answers = Ease({"penalty": penalty}).fit(RATINGS, RATINGS.head(0), {}).score(asked)
    for question, scores in zip(asked, answers, strict=True):
        wanted = expected[question.history.movies].sum(axis=0)[question.candidates]
        np.testing.assert_allclose(scores.scores, wanted, rtol=1e-4, atol=1e-6)


def test_a_query_by_recency_halves_with_every_half_life() -> None:
    train = coded_ratings(
        [
            ("1", "a", 5, 1), ("1", "b", 5, 2), ("2", "a", 5, 1), ("2", "x", 5, 2),
            ("3", "b", 5, 1), ("3", "y", 5, 2), ("4", "a", 5, 1), ("4", "b", 5, 2),
        ]
    )  # fmt: skip
    asked = asked_about(coded_ratings([("4", "x", 1, 3), ("4", "y", 1, 3)]))
    questions = Questions(asked.questions, asked.candidates, train)
    (plain,) = Ease({"penalty": 1}).fit(train, train.head(0), {}).score(questions)
    (recent,) = Ease({"penalty": 1, "half_life": 1}).fit(train, train.head(0), {}).score(questions)
    assert plain.scores[0] == pytest.approx(plain.scores[1])  # a and b stand the same to x and y
    assert recent.scores[1] > recent.scores[0]  # b is the newer one


def test_too_many_films_are_refused_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1000))
    with pytest.raises(TrailerflowError, match=r"EASE of 10 films needs .* rank with als or bpr"):
        Ease().fit(RATINGS, RATINGS.head(0), {})


def test_with_positions_it_is_ridge_regression_on_stretches_of_the_histories() -> None:
    rated = np.zeros((0, 10))
    for _, own in RATINGS.groupby("user", observed=True):
        codes = own["movie"].cat.codes.to_numpy()
        for start in range(-2, len(codes)):  # all stretches of three ratings, those over an end too
            row = np.zeros((1, 10))
            row[0, codes[max(start, 0) : max(start + 3, 0)]] = 1
            rated = np.vstack([rated, row / np.sqrt(3)])
    penalty = 2.0
    expected = np.zeros((10, 10))
    for film in range(10):
        others = [other for other in range(10) if other != film]
        left = rated[:, others]
        expected[others, film] = np.linalg.solve(left.T @ left + penalty * np.eye(9), left.T @ rated[:, film])
    catalogue = pd.DataFrame({"user": None, "movie": RATINGS["movie"].cat.categories})
    asked = Questions(asked_about(RATINGS, rule=CATALOGUE).questions, catalogue, RATINGS)
    answers = Ease({"penalty": penalty, "positions": 3}).fit(RATINGS, RATINGS.head(0), {}).score(asked)
    for question, scores in zip(asked, answers, strict=True):
        wanted = expected[question.history.movies].sum(axis=0)[question.candidates]
        np.testing.assert_allclose(scores.scores, wanted, rtol=1e-4, atol=1e-6)


def test_it_takes_no_more_memory_than_it_says() -> None:
    films = 300
    rng = np.random.default_rng(0)
    rows = [(f"u{user}", f"m{film}", 3.0, 1) for user in range(60) for film in rng.permutation(films)[:150]]
    ratings = coded_ratings(rows)
    Ease().fit(RATINGS, RATINGS.head(0), {})  # what it imports is not counted
    tracemalloc.start()
    Ease().fit(ratings, ratings.head(0), {})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < films * films * (BYTES_OF_A_PAIR + 4)
