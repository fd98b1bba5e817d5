"""Every way in which a language model ranks passes the contract suite, with a prompt file of its name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trailerflow.recommendations.protocols.contract import DRAWN
from trailerflow.recommendations.rank_films import rank_part
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.rankers.llm.pointwise import Pointwise
from trailerflow.recommendations.register import LLM_RANKERS
from trailerflow.recommendations.split_tables import Key
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID
from trailerflow.registers import chosen_class
from trailerflow.tables import read_table, write_table
from unit.recommendations.frames import asked_about, part_of, ratings_of
from unit.recommendations.rankers.contract_suite import RankerContract
from unit.recommendations.rankers.llm.asked import FILMS, PROMPTS, SIDE, TRAIN, Taste, by_hash, scored

pytestmark = pytest.mark.slow

POINTWISE = ["yes_no", "likelihood"]
LISTS = [
    "listwise",
    "listwise_shuffled",
    "pairwise",
    "one_letter",
    "sequential",
    "recency_focused",
    "in_context",
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(name: str, client: Taste) -> Ranker:
    kind = chosen_class("trailerflow.recommendations.register:LLM_RANKERS", name)
    ranker: Ranker = kind(client, PROMPTS / f"{name}.txt")
    return ranker


class _Suite(RankerContract):
    @pytest.fixture
    def ranker(self, request: pytest.FixtureRequest) -> Ranker:
        return made(request.param, Taste(by_hash))


@pytest.mark.parametrize("ranker", POINTWISE, indirect=True)
class TestPointwise(_Suite):
    """Asked film by film."""


@pytest.mark.parametrize("ranker", LISTS, indirect=True)
class TestLists(_Suite):
    """Asked about several films at a time."""

    compares_films = True


def test_every_way_is_tested() -> None:
    assert set(LLM_RANKERS) == {*POINTWISE, *LISTS}


@pytest.mark.parametrize("name", LLM_RANKERS)
def test_a_model_with_a_clear_taste_is_understood_and_every_film_told_of(name: str) -> None:
    client = Taste(lambda words: float(words.rpartition("Number f")[2][:1] or 0) / 10)
    ranker = made(name, client)
    scores = scored(ranker, FILMS)
    assert np.argsort(scores.scores).tolist() == [0, 1, 2, 3, 4]
    assert scores.told["status"] == ["ok"] * 5
    assert scores.told["repaired"] == [False] * 5
    assert set(scores.told) == {"status", *ranker.tells}
    orders = ranker.settings.get("orders", {"pairwise": 2}.get(name, 1)) * (not isinstance(ranker, Pointwise))
    assert np.array(scores.told["places"]).shape == np.array(scores.told["order_scores"]).shape == (5, orders)
    spent = [sum(scores.told[column]) for column in ("prompt_tokens", "completion_tokens")]
    usage = ranker.about()["usage"][0]
    assert spent == [usage["prompt_tokens"], usage["completion_tokens"]]
    assert usage["requests"] == len(client.asked)


@pytest.mark.parametrize("name", ["yes_no", "listwise_shuffled"])
def test_what_is_told_of_orders_is_written_and_read_again(name: str, tmp_path: Path) -> None:
    held_out = ratings_of([("u", film, 3, 9) for film in FILMS])
    asked = asked_about(held_out.astype({"user": TRAIN["user"].dtype, "movie": TRAIN["movie"].dtype}))
    part = part_of(TRAIN, replace(asked, users=asked.users.assign(set=DRAWN)))
    table = rank_part(made(name, Taste(by_hash)), part, Key(TEST, 0, TIES_BY_ID), SIDE)
    write_table(table, tmp_path / "table.parquet")
    rows = read_table(tmp_path / "table.parquet")
    orders = {"yes_no": 0, "listwise_shuffled": 5}[name]
    assert (
        [len(each) for each in rows["places"]] == [len(each) for each in rows["order_scores"]] == [orders] * 5
    )
