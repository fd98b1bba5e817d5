"""Figures of rankers on the same users, by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from language_ranker_scores import System, echo, figures, spreads, table_of_differences

from trailerflow.recommendations.rankers.llm.listwise_shuffled import ListwiseShuffled
from unit.recommendations.rankers.llm.asked import PROMPTS
from unit.scripted_model import ScriptedModel

RATINGS = [np.array([5.0, 1.0, 3.0]), np.array([2.0, 4.0])]


def test_figures_are_those_of_each_user() -> None:
    scores = [np.array([0.1, 0.9, 0.5]), np.array([0.0, 0.0])]
    gains = [2**ratings - 1 for ratings in RATINGS]
    expected = [ndcg_score([gain], [score]) for gain, score in zip(gains, scores, strict=True)]
    np.testing.assert_allclose(figures(scores, RATINGS, "NDCG@5"), expected)
    assert figures(scores, RATINGS, "pair accuracy").tolist() == [0.0, 0.5]


def test_an_echo_is_told_from_its_opposite_and_from_ties() -> None:
    shown = np.array([[0.0], [2.0], [1.0]])
    told = [np.array([[3.0], [1.0], [2.0]]), np.array([[1.0], [3.0], [2.0]]), np.zeros((3, 1))]
    assert [echo(System("x", [], [shown], [scores])) for scores in told] == [1.0, 0.0, 0.5]
    unread = System("x", [], [shown, shown], [told[0], np.full((3, 1), np.nan)])
    assert echo(unread) == 1.0


def test_orders_that_agree_have_no_spread() -> None:
    ranker = ListwiseShuffled(ScriptedModel(), PROMPTS / "listwise_shuffled.txt")
    same = np.array([[2.0, 2.0], [1.0, 1.0], [0.0, 0.0]])
    shown = np.zeros((3, 2))
    found = spreads(System("x", [], [shown], [same], ranker), RATINGS[:1])
    assert found == {"spread of one order": 0.0, "spread of all": 0.0}
    other = same.copy()
    other[:, 1] = [0.0, 2.0, 1.0]
    found = spreads(System("x", [], [shown], [other], ranker), RATINGS[:1])
    assert found["spread of one order"] > 0.1
    assert found["spread of all"] > 0


def test_a_rival_is_compared_on_the_same_users() -> None:
    right, wrong = System("right", RATINGS), System("wrong", [-ratings for ratings in RATINGS])
    table = table_of_differences([right, wrong], RATINGS).set_index("metric")
    assert table.loc["pair accuracy", "value"] == 1.0
    assert table.loc["NDCG@5", "value"] == pytest.approx(
        np.mean(1 - figures(wrong.scores, RATINGS, "NDCG@5"))
    )
