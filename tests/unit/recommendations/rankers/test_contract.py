"""Every ranker passes the contract suite, a class each."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made_up.together import Together

from trailerflow.llm.types import Answer, Request
from trailerflow.recommendations.rankers.als import Als
from trailerflow.recommendations.rankers.bias import Bias
from trailerflow.recommendations.rankers.biased_mf import BiasedMf
from trailerflow.recommendations.rankers.bpr import Bpr
from trailerflow.recommendations.rankers.content.content import Content
from trailerflow.recommendations.rankers.content.embedding_knn import EmbeddingKnn
from trailerflow.recommendations.rankers.content.genre_knn import GenreKnn
from trailerflow.recommendations.rankers.content.multi_task import MultiTask
from trailerflow.recommendations.rankers.content.tfidf_knn import TfidfKnn
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.rankers.cooccurrence import Cooccurrence
from trailerflow.recommendations.rankers.ease import Ease
from trailerflow.recommendations.rankers.factorisation_machine import FactorisationMachine
from trailerflow.recommendations.rankers.item_knn import ItemKnn
from trailerflow.recommendations.rankers.item_mean import ItemMean
from trailerflow.recommendations.rankers.light_gcn import LightGcn
from trailerflow.recommendations.rankers.llm.likelihood import Likelihood
from trailerflow.recommendations.rankers.llm.yes_no import YesNo
from trailerflow.recommendations.rankers.popularity import Popularity
from trailerflow.recommendations.rankers.popularity_recent import PopularityRecent
from trailerflow.recommendations.rankers.random import Random
from trailerflow.recommendations.rankers.sasrec import Sasrec
from trailerflow.recommendations.rankers.svdpp import SvdPlusPlus
from trailerflow.recommendations.rankers.user_knn import UserKnn
from trailerflow.recommendations.register import ALL_RANKERS
from trailerflow.registers import chosen_class
from unit.recommendations.rankers.contract_suite import RankerContract
from unit.scripted_model import said

pytestmark = pytest.mark.slow

PROMPTS = Path(__file__).parents[4] / "resources/prompts/recommendations"


class Opinionated:
    """A language model whose answer hangs on the words of the question alone."""

    def __init__(self, *, log_probabilities: bool) -> None:
        self.model: Any = SimpleNamespace(name="opinionated", slots=2, log_probabilities=log_probabilities)

    def ask(self, request: Request) -> Answer:
        digest = hashlib.sha256(request.messages[-1]["content"].encode()).digest()[0]
        if request.top_logprobs:
            return Answer("Yes", "length", 9, 1, 0.1, False, [{"Yes": -digest / 100, "No": -1.0}])
        return said(f'{{"likelihood": {digest % 11}}}')


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class TestPopularity(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Popularity()


class TestPopularityRecent(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return PopularityRecent()


class TestItemMean(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return ItemMean()


class TestEase(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Ease({"penalty": 1, "half_life": 2})


class TestCooccurrence(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Cooccurrence({"positions": 3, "forward": True, "damping": 1})


class TestItemKnn(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return ItemKnn()


class TestGenreKnn(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return GenreKnn()


class TestTfidfKnn(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return TfidfKnn()


class TestEmbeddingKnn(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return EmbeddingKnn()


class TestContent(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Content({"trees": 5})


class TestMultiTask(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return MultiTask({"epochs": 2, "width": 4})


class TestSvdPlusPlus(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return SvdPlusPlus({"factors": 4, "epochs": 3, "averaged": 2})


class TestFactorisationMachine(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return FactorisationMachine({"rank": 3, "iterations": 12, "left_out": 2, "averaged": 2})


class TestRandom(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Random()


class TestBias(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Bias()


class TestUserKnn(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return UserKnn()


class TestBiasedMf(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return BiasedMf({"factors": 4})


class TestAls(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Als({"factors": 4})


class TestBpr(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Bpr({"factors": 4})


class TestSasrec(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Sasrec({"factors": 4, "length": 3, "epochs": 2, "batch": 8})


class TestLightGcn(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return LightGcn({"factors": 4, "epochs": 3, "batch": 20})


class TestImplicitItemKnn(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return ItemKnn({"feedback": "implicit"})


class TestImplicitUserKnn(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return UserKnn({"feedback": "implicit"})


class TestYesNo(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return YesNo(Opinionated(log_probabilities=True), PROMPTS / "yes_no.txt")


class TestLikelihood(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Likelihood(Opinionated(log_probabilities=False), PROMPTS / "likelihood.txt")


class TestMadeUp(RankerContract):
    """One with all that a ranker can do."""

    @pytest.fixture
    def ranker(self) -> Ranker:
        return Together()


def test_every_ranker_of_the_register_passes_the_suite() -> None:
    tested = {
        "popularity": TestPopularity,
        "popularity_recent": TestPopularityRecent,
        "item_mean": TestItemMean,
        "ease": TestEase,
        "cooccurrence": TestCooccurrence,
        "genre_knn": TestGenreKnn,
        "tfidf_knn": TestTfidfKnn,
        "embedding_knn": TestEmbeddingKnn,
        "content": TestContent,
        "multi_task": TestMultiTask,
        "svdpp": TestSvdPlusPlus,
        "factorisation_machine": TestFactorisationMachine,
        "item_knn": TestItemKnn,
        "random": TestRandom,
        "bias": TestBias,
        "user_knn": TestUserKnn,
        "biased_mf": TestBiasedMf,
        "als": TestAls,
        "bpr": TestBpr,
        "sasrec": TestSasrec,
        "light_gcn": TestLightGcn,
        "yes_no": TestYesNo,
        "likelihood": TestLikelihood,
    }
    elsewhere = {"echo", "own_scores"}  # these and the fusions have files of their own
    own = {name for name, place in ALL_RANKERS.items() if ".fusion." not in place} - elsewhere
    assert set(tested) == own
    for name in own:
        assert chosen_class("trailerflow.recommendations.register:ALL_RANKERS", name).__doc__
