"""BPR and chance: what they must do whatever is drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.protocols.contract import CATALOGUE
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.bpr import Bpr
from trailerflow.recommendations.rankers.random import Random
from unit.recommendations.frames import asked_about, coded_ratings, random_ratings

CAMPS = 2
FILMS = 12


def test_bpr_puts_the_films_of_a_users_camp_first() -> None:
    rng = np.random.default_rng(0)
    rows = [
        (f"u{user}", f"m{CAMPS * film + user % CAMPS}", 5.0, place)
        for user in range(40)
        for place, film in enumerate(rng.permutation(FILMS // CAMPS)[:4])
    ]
    train = coded_ratings(rows, [f"m{film}" for film in range(FILMS)])
    films = pd.DataFrame({"user": None, "movie": train["movie"].cat.categories})
    questions = Questions(asked_about(train, rule=CATALOGUE).questions, films, train)
    fitted = Bpr({"factors": 8, "learning_rate": 0.1}).fit(train, train.head(0), {})
    first = [
        int(str(questions.movies[question.candidates[answer.scores.argmax()]])[1:]) % CAMPS
        for question, answer in zip(questions, fitted.score(questions), strict=True)
    ]
    assert first == [int(question.user[1:]) % CAMPS for question in questions]


def scores_of(train: pd.DataFrame, seed: int) -> dict[tuple[str, str], float]:
    """Chance's score of each user and film of some ratings."""
    asked = asked_about(train)
    questions = Questions(asked.questions, asked.candidates, train)
    answers = Random({"seed": seed}).fit(train, train.head(0), {}).score(questions)
    return {
        (question.user, str(questions.movies[film])): score
        for question, answer in zip(questions, answers, strict=True)
        for film, score in zip(question.candidates, answer.scores, strict=True)
    }


def test_chance_hangs_on_seed_user_and_film_alone() -> None:
    train = random_ratings()
    scores, others = scores_of(train, 0), scores_of(train, 1)
    assert len({*scores.values(), *others.values()}) == 2 * len(train)
    assert 0.4 < np.mean(list(scores.values())) < 0.6
    one = train[train["user"] == "u3"].head(1)
    assert (
        scores_of(
            coded_ratings([*one.astype({"user": str, "movie": str}).itertuples(index=False)]), 0
        ).items()
        <= scores.items()
    )
