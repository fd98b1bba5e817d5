"""Rankers with others' later ratings and without them."""

from __future__ import annotations

import pytest

from trailerflow.recommendations.later_ratings import without_later_ratings
from unit.recommendations.judging import arms_by_hand, judged_of, scored, truth_of

RATINGS = [(str(user), film, rating) for user in range(4) for film, rating in (("a", 5.0), ("b", 1.0))]


def test_a_ranker_is_compared_with_itself_on_the_users_of_both_splits() -> None:
    truth = truth_of(RATINGS, films=2)
    fewer = truth_of(list(reversed(RATINGS[2:])), films=2)  # without user 0, the users in another order
    right = [2, 1] * 4
    arms = [
        *arms_by_hand(judged_of(truth), {"ranker": scored(truth, right), "alone": scored(truth, right)}),
        # Of users 3, 2 and 1 in the split of the past user 3 has the wrong order: film b comes first in its rows.
        *arms_by_hand(
            judged_of(fewer, split="leave_last_past"), {"ranker": scored(fewer, [2, 1, 1, 2, 1, 2])}
        ),
    ]
    table = without_later_ratings(arms, seed=1)
    own = table[(table["ranker"] == "ranker") & (table["metric"] == "pair_accuracy")].iloc[0]
    assert own[["split", "value", "past_value", "users"]].tolist() == [
        "leave_last",
        1.0,
        pytest.approx(2 / 3),
        3,
    ]
    assert own["difference"] == pytest.approx(-1 / 3)
    assert own["difference_low"] < own["difference"] < own["difference_high"] <= 0  # nobody is better off
    assert "alone" not in set(table["ranker"])
    chance = table[(table["ranker"] == "chance") & (table["metric"] == "pair_accuracy")].iloc[0]
    assert (chance["row_kind"], chance["difference"]) == ("reference", 0)


def test_without_a_split_of_the_past_there_is_nothing_to_compare() -> None:
    truth = truth_of(RATINGS, films=2)
    arms = arms_by_hand(judged_of(truth), {"ranker": scored(truth, [2, 1] * 4)})
    table = without_later_ratings(arms, seed=1)
    assert table.empty and {"past_value", "p_corrected"} <= set(table.columns)
