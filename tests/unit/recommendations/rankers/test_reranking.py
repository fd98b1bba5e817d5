"""The best films of one ranker in the order of another, the rest below them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Scores
from trailerflow.recommendations.rankers.reranking import DEFAULTS, reranked
from unit.recommendations.frames import coded_ratings

FILMS = ["a", "b", "c", "d", "e"]
TRAIN = coded_ratings([("u", "seen", 4, 1), ("v", "seen", 4, 1)], FILMS)
READ = pd.DataFrame(
    [("first", "u", movie, score) for movie, score in zip(FILMS, [1.0, 5.0, 4.0, np.nan, 2.0], strict=True)],
    columns=["ranker", "user", "movie", "score"],
)


class Alphabet(Fitted):
    """Likes the last letters, and has nothing to say of ``c``."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def score(self, questions: Questions) -> Iterator[Scores]:
        for question in questions:
            films = [str(questions.movies[film]) for film in question.candidates]
            self.asked.append(films)
            scores = [np.nan if film == "c" else float(ord(film)) for film in films]
            told = {
                "status": ["later" if film == "c" else "ok" for film in films],
                "seconds": [2.0] * len(films),
            }
            yield Scores(question.number, np.array(scores), told)


def scored(films: int, read: pd.DataFrame = READ) -> tuple[list[list[str]], list[Scores]]:
    asked = pd.DataFrame({"user": ["u", "v"], "timestamp": 9, "rule": "listed"})
    candidates = pd.DataFrame({"user": ["u"] * 5 + ["v"] * 5, "movie": FILMS * 2})
    second = Alphabet()
    settings = DEFAULTS | {"rerank": "first", "rerank_films": films}
    fitted = reranked(second, settings, TRAIN, {"scores": read})
    return second.asked, list(fitted.score(Questions(asked, candidates, TRAIN)))


def test_the_best_films_are_ranked_anew_and_the_rest_stays_below_in_its_order() -> None:
    asked, (of_u, of_v) = scored(3)
    assert asked == [
        ["b", "c", "e"],
        ["a", "b", "c"],
    ]  # nobody scored the films of v: the first ones as they are shown
    b, e = float(ord("b")), float(ord("e"))
    np.testing.assert_allclose(of_u.scores, [b - 1, b, np.nan, b - 1.5, e])
    assert of_u.told == {"status": ["ok", "ok", "later", "ok", "ok"], "seconds": [None, 2.0, 2.0, None, 2.0]}
    assert np.argsort(-of_v.scores).tolist()[:4] == [1, 0, 3, 4]


def test_the_rest_is_below_even_where_nothing_could_be_read() -> None:
    _, (of_u, _) = scored(2, READ.assign(score=[0.0, 1.0, 9.0, 0.0, 0.0]))
    assert of_u.scores[1] == ord("b")
    _, (of_u, _) = scored(2, READ[READ["movie"] == "c"])
    assert of_u.told["status"][2] == "later"
    assert (of_u.scores[[1, 3, 4]] < of_u.scores[0]).all()


def test_without_a_name_every_film_is_ranked() -> None:
    second = Alphabet()
    assert reranked(second, DEFAULTS, TRAIN, {}) is second
