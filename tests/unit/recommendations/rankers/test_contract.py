"""Every ranker passes the contract suite, a class each."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up.together import Together

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
from trailerflow.recommendations.rankers.popularity import Popularity
from trailerflow.recommendations.rankers.popularity_recent import PopularityRecent
from trailerflow.recommendations.rankers.random import Random
from trailerflow.recommendations.rankers.sasrec import Sasrec
from trailerflow.recommendations.rankers.svdpp import SvdPlusPlus
from trailerflow.recommendations.rankers.user_knn import UserKnn
from trailerflow.recommendations.register import RANKERS
from trailerflow.registers import chosen_class
from unit.recommendations.rankers.contract_suite import RankerContract

pytestmark = pytest.mark.slow


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
    }
    elsewhere = {"echo", "own_scores"}  # these, the fusions and the language models have files of their own
    own = {name for name, place in RANKERS.items() if ".fusion." not in place} - elsewhere
    assert set(tested) == own
    for name in own:
        assert chosen_class("trailerflow.recommendations.register:RANKERS", name).__doc__
