"""SASRec and LightGCN: what they read, and that they learn what can be learnt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from trailerflow.recommendations.protocols.contract import CATALOGUE
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.rankers.graph_factors import drawn_films, layers_of, normalised_graph
from trailerflow.recommendations.rankers.light_gcn import LightGcn
from trailerflow.recommendations.rankers.sasrec import Sasrec, pieces
from unit.recommendations.frames import asked_about, coded_ratings

pytestmark = pytest.mark.slow


def first_films(ranker: Ranker, train: pd.DataFrame) -> dict[str, int]:
    """The number of the best film of the catalogue for each user."""
    films = pd.DataFrame({"user": None, "movie": train["movie"].cat.categories})
    questions = Questions(asked_about(train, rule=CATALOGUE).questions, films, train)
    answers = ranker.fit(train, train.head(0), {}).score(questions)
    return {
        question.user: int(str(questions.movies[question.candidates[answer.scores.argmax()]])[1:])
        for question, answer in zip(questions, answers, strict=True)
    }


def test_sasrec_finds_the_film_that_follows() -> None:
    films = 12
    rows = [
        (f"u{user}", f"m{(user + place) % films}", 3.0, place)
        for user in range(36)
        for place in range(4 + user % 3)
    ]
    settings = {"factors": 16, "length": 4, "epochs": 30, "batch": 8, "learning_rate": 0.02, "dropout": 0.0}
    found = first_films(Sasrec(settings), coded_ratings(rows))
    right = [film == (int(user[1:]) + 4 + int(user[1:]) % 3) % films for user, film in found.items()]
    assert np.mean(right) > 0.9


def test_light_gcn_puts_the_films_of_a_users_camp_first() -> None:
    rng = np.random.default_rng(0)
    rows = [
        (f"u{user}", f"m{2 * film + user % 2}", 5.0, place)
        for user in range(40)
        for place, film in enumerate(rng.permutation(6)[:4])
    ]
    found = first_films(LightGcn({"factors": 8}), coded_ratings(rows))
    assert all(film % 2 == int(user[1:]) % 2 for user, film in found.items())


def test_histories_are_cut_from_their_end_and_share_a_film() -> None:
    rows = [("a", f"m{place}", 3.0, place) for place in range(6)] + [("b", "m0", 3.0, 0), ("c", "m1", 3.0, 0)]
    rows += [("c", "m0", 3.0, 1)]
    assert pieces(coded_ratings(rows), 3).tolist() == [[2, 3, 4, 5], [0, 1, 2, -1], [1, 0, -1, -1]]


def test_factors_are_passed_along_by_the_square_roots_of_both_numbers() -> None:
    # User 0 rated both films, user 1 the second one.
    graph = normalised_graph(np.array([0, 0, 1]), np.array([0, 1, 1]), (2, 2))
    first = torch.tensor([[1.0], [10.0], [100.0], [1000.0]])
    _, passed = layers_of(first, graph, 1)
    expected = [100 / 2**0.5 + 1000 / 2, 1000 / 2**0.5, 1 / 2**0.5, 1 / 2 + 10 / 2**0.5]
    assert passed[:, 0].tolist() == pytest.approx(expected)


def test_drawn_films_are_rarely_rated_ones() -> None:
    users = np.zeros(2000, dtype=np.int64)
    drawn = drawn_films(users, np.array([0, 1, 2]), 6, np.random.default_rng(0))
    assert np.isin(drawn, [0, 1, 2]).mean() < 0.12
    assert set(drawn) <= set(range(6))
