"""Every ranker that reads others passes the contract suite, a class each."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from trailerflow.recommendations.protocols.contract import LISTED
from trailerflow.recommendations.rankers.contract import Ranker, Side
from trailerflow.recommendations.rankers.fusion.lambdamart import LambdaMart
from trailerflow.recommendations.rankers.fusion.linear_stack import LinearStack
from trailerflow.recommendations.rankers.fusion.mean_rating import MeanRating
from trailerflow.recommendations.rankers.fusion.rating_stack import RatingStack
from trailerflow.recommendations.rankers.fusion.z_blend import ZBlend
from trailerflow.recommendations.register import ALL_RANKERS
from trailerflow.registers import chosen_class
from unit.recommendations.frames import movie_table
from unit.recommendations.rankers.contract_suite import FILMS, KNOWN, RankerContract, questions, values

pytestmark = pytest.mark.slow


class FusionContract(RankerContract):
    """A ranker that reads two others, which know a question's films, and those of a block before it."""

    @pytest.fixture
    def side(self, ranker: Ranker) -> Side:
        task = ranker.tasks[0]
        users = [*KNOWN["user"].cat.categories]
        scores = pd.DataFrame(
            [
                (name, "asked", user, film, (7 * place + 3 * number) % 5 / 2)
                for number, name in enumerate(("one", "two"))
                for place, (user, film) in enumerate(itertools.product(users, FILMS))
            ],
            columns=["ranker", "protocol", "user", "movie", "score"],
        )
        block = {"part": "block_1", "protocol": "asked"}
        last = KNOWN.groupby("user", observed=True).tail(2)
        asked = pd.DataFrame({"user": last["user"].unique(), "timestamp": 1000, "rule": LISTED, "task": task})
        films = movie_table([(film, f"Film {film}", 1990, ["Drama"]) for film in FILMS])
        return {
            "archive": films,
            "scores": scores.assign(part="test"),
            "block_scores": scores.assign(part="block_1"),
            "block_train": KNOWN.drop(index=last.index).assign(part="block_1"),
            "block_truth": last.assign(**block),
            "block_questions": asked.assign(**block),
        }

    def test_a_film_has_one_score_whether_listed_or_of_the_catalogue(self, fitted):
        pytest.skip("a fusion compares the films of a question with each other")

    def test_without_a_block_the_others_are_blended(self, ranker, side):
        none = {name: frame.head(0) for name, frame in side.items() if name.startswith("block")}
        fitted = ranker.fit(KNOWN, KNOWN.head(0), {**side, **none})
        own = side["scores"][side["scores"]["user"] == "u0"].groupby("movie")["score"].mean()
        got = values(fitted, questions([0]))[0]
        films = np.flatnonzero(own.reindex(FILMS) == own.max())
        assert got[films].min() >= np.delete(got, films).max()


class TestZBlend(FusionContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return ZBlend({"reads": ["one", "two"]})


class TestMeanRating(FusionContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return MeanRating({"reads": ["one", "two"]})


class TestLinearStack(FusionContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return LinearStack({"reads": ["one", "two"], "features": ["scores", "films", "likeness", "user"]})


class TestLambdaMart(FusionContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return LambdaMart({"reads": ["one", "two"], "trees": 3})


class TestRatingStack(FusionContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return RatingStack({"reads": ["one", "two"]})


class TestRatingStackOfTrees(FusionContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return RatingStack({"reads": ["one", "two"], "model": "trees", "trees": 3})


def test_every_fusion_of_the_register_passes_the_suite() -> None:
    tested = {
        "z_blend": TestZBlend,
        "mean_rating": TestMeanRating,
        "linear_stack": TestLinearStack,
        "lambdamart": TestLambdaMart,
        "rating_stack": TestRatingStack,
    }
    assert set(tested) == {name for name, place in ALL_RANKERS.items() if ".fusion." in place}
    for name in tested:
        assert chosen_class("trailerflow.recommendations.register:ALL_RANKERS", name).__doc__
