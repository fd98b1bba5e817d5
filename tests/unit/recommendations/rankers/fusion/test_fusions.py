"""What fusions learn: whom to trust, from blocks in which one ranker was right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.protocols.contract import FIND, LISTED, ORDER
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.rankers.fusion.lambdamart import LambdaMart
from trailerflow.recommendations.rankers.fusion.linear_stack import LinearStack
from trailerflow.recommendations.rankers.fusion.mean_rating import MeanRating
from trailerflow.recommendations.rankers.fusion.rating_stack import RatingStack
from trailerflow.recommendations.rankers.fusion.z_blend import ZBlend
from unit.recommendations.frames import coded_ratings, movie_table

pytestmark = pytest.mark.slow

FILMS = [f"m{film}" for film in range(20)]
USERS = [f"u{user}" for user in range(60)]
KNOWN = coded_ratings([(user, "m0", 3, 1) for user in USERS], FILMS)
READS = {"reads": ["right", "wrong"]}


def scored(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two rankers' scores of the films of all users, and ratings that go with the one of them."""
    rng = np.random.default_rng(seed)
    rows, truth = [], []
    for user in USERS:
        right, wrong = rng.normal(size=(2, 19))
        rows += [("right", user, film, score) for film, score in zip(FILMS[1:], right, strict=True)]
        rows += [("wrong", user, film, score) for film, score in zip(FILMS[1:], wrong, strict=True)]
        best = np.argsort(-right)[:5]
        truth += [(user, FILMS[1 + film], 5.0 - place, 2) for place, film in enumerate(best)]
    scores = pd.DataFrame(rows, columns=["ranker", "user", "movie", "score"]).assign(protocol="asked")
    return scores, coded_ratings(truth, FILMS)


def listed(scores: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """The scores of the films of the truth alone, as a list that is put into an order has them."""
    return scores.merge(truth[["user", "movie"]].astype(str), on=["user", "movie"])


def share_of_right(ranker: Ranker, task: str) -> float:
    """How often a film comes first that the right ranker puts first of a list, or among the first five of many."""
    (block, truth), (scores, test) = scored(0), scored(1)
    if task == ORDER:
        block, scores = listed(block, truth), listed(scores, test)
    asked = pd.DataFrame({"user": USERS, "timestamp": 5, "rule": LISTED, "task": task})
    place = {"part": "block_1", "protocol": "asked"}
    side = {
        "archive": movie_table([(film, film, 1990, ["Drama"]) for film in FILMS]),
        "scores": scores.assign(part="test"),
        "block_scores": block.assign(part="block_1"),
        "block_train": KNOWN.assign(part="block_1"),
        "block_truth": truth.assign(**place),
        "block_questions": asked.assign(**place),
    }
    films = scores[["user", "movie"]].drop_duplicates()
    questions = Questions(asked, films, KNOWN)
    right = scores[scores["ranker"] == "right"]
    best = (
        right.sort_values("score")
        .groupby("user")["movie"]
        .agg(lambda films: set(films.tail(1 if task == ORDER else 5)))
    )
    hits = []
    for answer in ranker.fit(KNOWN, KNOWN.head(0), side).score(questions):
        question = questions.numbered(answer.question)
        first = questions.movies[question.candidates[np.argmax(answer.scores)]]
        hits.append(first in best[question.user])
    return float(np.mean(hits))


def test_what_learns_from_blocks_finds_out_who_is_right() -> None:
    trees = {**READS, "features": ["scores"], "trees": 150}
    assert share_of_right(LambdaMart(trees), FIND) > 0.95
    assert share_of_right(LambdaMart({**trees, "objective": "binary"}), FIND) > 0.95
    assert share_of_right(LambdaMart({**trees, "linear_share": 0.5}), FIND) > 0.95
    assert share_of_right(LinearStack(READS), FIND) > 0.95
    assert share_of_right(RatingStack(READS), ORDER) > 0.85
    assert share_of_right(RatingStack({**READS, "model": "trees"}), ORDER) > 0.72
    assert share_of_right(ZBlend(READS), FIND) < 0.9  # both count the same
    assert share_of_right(MeanRating(READS), ORDER) < 0.8
    assert share_of_right(MeanRating({**READS, "weights": [9, 1]}), ORDER) > 0.85


@pytest.mark.parametrize("weights", [[1], [1, 0], [1, "2"], [1, float("inf")]])
def test_there_is_a_weight_for_each_ranker_or_none(weights: list[Any]) -> None:
    with pytest.raises(TrailerflowError, match="weights must have a number above 0 for each ranker of reads"):
        MeanRating({**READS, "weights": weights})


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "reads other rankers; name them in its setting reads"),
        ({"reads": ["ease", "ease"]}, "each once"),
        (
            {"reads": ["ease"], "features": ["scores", "stars"]},
            "features names 'stars'; choose among scores, centred",
        ),
        ({"reads": ["ease"], "features": []}, "features is empty"),
    ],
)
def test_a_wrong_setting_is_told(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TrailerflowError, match=sentence):
        LambdaMart(settings)
