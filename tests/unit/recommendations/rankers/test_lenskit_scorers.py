"""The rankers of LensKit beside LensKit asked without them, and what they add to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from trailerflow.recommendations.protocols.contract import CATALOGUE
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.als import Als
from trailerflow.recommendations.rankers.bias import Bias
from trailerflow.recommendations.rankers.biased_mf import BiasedMf
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.rankers.item_knn import ItemKnn
from trailerflow.recommendations.rankers.user_knn import UserKnn
from unit.recommendations.frames import asked_about, coded_ratings, random_ratings

pytestmark = pytest.mark.slow

TRAIN = random_ratings(users=30, films=12)
CATALOGUE_FILMS = pd.DataFrame({"user": None, "movie": TRAIN["movie"].cat.categories})
QUESTIONS = Questions(asked_about(TRAIN, rule=CATALOGUE).questions, CATALOGUE_FILMS, TRAIN)


def bare(name: str, **settings: Any) -> tuple[Any, Any]:
    """A scorer of LensKit trained on the same ratings, and its data."""
    from lenskit import als, basic, knn
    from lenskit.data import from_interactions_df
    from lenskit.training import TrainingOptions

    rows = TRAIN.astype({"user": str, "movie": str}).rename(columns={"user": "user_id", "movie": "item_id"})
    data = from_interactions_df(rows[["user_id", "item_id", "rating"]])
    kind = next(getattr(module, name) for module in (als, basic, knn) if hasattr(module, name))
    scorer = kind(**settings)
    scorer.train(data, TrainingOptions(rng=3))
    return scorer, data


@pytest.mark.parametrize(
    ("ranker", "scorer"),
    [
        (ItemKnn({"neighbours": 3}), ("ItemKNNScorer", {"k": 3})),
        (ItemKnn({"neighbours": 3, "feedback": "implicit"}), ("ItemKNNScorer", {"k": 3, "feedback": "implicit"})),
        (UserKnn({"neighbours": 3}), ("UserKNNScorer", {"k": 3})),
        (UserKnn({"neighbours": 3, "feedback": "implicit"}), ("UserKNNScorer", {"k": 3, "feedback": "implicit"})),
        (BiasedMf({"factors": 3, "seed": 3}), ("BiasedMFScorer", {"embedding_size": 3})),
        (Als({"factors": 3, "seed": 3}), ("ImplicitMFScorer", {"embedding_size": 3})),
        (Bias({"damping": 2}), ("BiasScorer", {"damping": 2})),
    ],
)  # fmt: skip
def test_it_scores_like_the_bare_scorer(ranker: Ranker, scorer: tuple[str, dict[str, Any]]) -> None:
    from lenskit.data import ItemList, RecQuery

    model, data = bare(scorer[0], **scorer[1])
    fitted = ranker.fit(TRAIN, TRAIN.head(0), {})
    scored = 0
    for question, answer in zip(QUESTIONS, fitted.score(QUESTIONS), strict=True):
        films = ItemList([str(QUESTIONS.movies[film]) for film in question.candidates])
        query = RecQuery(user_id=question.user, history_items=data.user_row(question.user))
        expected = np.asarray(model(query, films).scores(), dtype=float)
        known = ~np.isnan(expected)
        scored += int(known.sum())
        np.testing.assert_allclose(
            answer.scores[known], expected[known], rtol=1e-4, atol=1e-4
        )  # single precision
    assert scored > 100


def test_where_nothing_can_be_predicted_the_damped_mean_stands() -> None:
    train = coded_ratings([("1", "a", 5, 1), ("2", "a", 5, 1), ("2", "b", 2, 1), ("3", "c", 3, 1)], ["new"])
    held_out = coded_ratings([("3", "a", 1, 2), ("3", "new", 1, 3)])
    asked = asked_about(held_out)
    questions = Questions(asked.questions, asked.candidates, train)
    (scores,) = UserKnn().fit(train, train.head(0), {}).score(questions)
    overall = 15 / 4
    assert scores.scores.tolist() == pytest.approx([(10 + 20 * overall) / 22, overall])
