"""The network of ratings and genres: what it learns of texts reaches films that nobody has rated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.content.multi_task import MultiTask
from unit.recommendations.frames import asked_about, coded_ratings, movie_table

pytestmark = pytest.mark.slow

FILMS = [f"f{number}" for number in range(20)]
WARS = {film for number, film in enumerate(FILMS) if number % 2}


def test_new_films_are_ranked_by_what_each_user_likes_of_their_text() -> None:
    rows = [
        (user, film, 5.0 if (film in WARS) == (user == "u1") else 1.0, 1)
        for user in ("u1", "u2")
        for film in FILMS[:16]
    ]
    train = coded_ratings(rows, FILMS)
    rng = np.random.default_rng(0)
    vectors = [[1.0 if film in WARS else -1.0, *rng.normal(0, 0.1, 2)] for film in FILMS[:19]]
    archive = movie_table([(film, film, 1990, ["War"] if film in WARS else ["Comedy"]) for film in FILMS])
    side = {"archive": archive, "vectors": pd.DataFrame({"movie": FILMS[:19], "vector": vectors})}
    fitted = MultiTask({"epochs": 300, "rate": 0.02, "penalty": 0.01}).fit(train, train.head(0), side)
    asked = asked_about(coded_ratings([(user, film, 3.0, 2) for user in ("u1", "u2") for film in FILMS[16:]]))
    first, second = fitted.score(Questions(asked.questions, asked.candidates, train))
    comedy, war, other_comedy, without_text = first.scores
    assert war > max(comedy, other_comedy) + 2
    assert second.scores[1] < min(second.scores[0], second.scores[2]) - 2
    assert min(comedy, other_comedy) < without_text < war
