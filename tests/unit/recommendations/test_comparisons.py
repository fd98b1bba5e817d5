"""Rankers in pairs: who is better, who cannot be told apart, and on which users."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trailerflow.recommendations.arms import Arm
from trailerflow.recommendations.comparisons import compare
from unit.recommendations.judging import arms_by_hand, judged_of, scored, truth_of

USERS = 60


@pytest.fixture(scope="module")
def arms() -> list[Arm]:
    """A good ranker, its twin with other luck, and a bad one that lacks the last user's scores."""
    rng = np.random.default_rng(0)
    rows = [(str(user), f"m{film}", float(1 + film)) for user in range(USERS) for film in range(5)]
    truth = truth_of(rows, films=5)
    wanted = truth["rating"].to_numpy()
    bad = rng.normal(size=len(wanted))
    bad[-1] = np.nan
    rankings = {
        "good": wanted + rng.normal(size=len(wanted)),
        "twin": wanted + rng.normal(size=len(wanted)),
        "bad": bad,
    }
    return arms_by_hand(judged_of(truth), {name: scored(truth, scores) for name, scores in rankings.items()})


def pair(table: pd.DataFrame, one: str, other: str, metric: str = "pair_accuracy") -> pd.Series:
    rows = table[(table["metric"] == metric) & (table["ranker"] == one) & (table["other"] == other)]
    return rows.iloc[0]


def test_every_pair_stands_once_with_the_better_ranker_first(arms: list[Arm]) -> None:
    table = compare(arms, seed=1)
    assert len(table) == 3 * 2  # three pairs, two metrics
    assert (table["difference"] >= 0).all()
    assert table["difference"].to_numpy() == pytest.approx((table["value"] - table["other_value"]).to_numpy())
    assert set(table["ranker"]) | set(table["other"]) == {"good", "twin", "bad"}  # no reference


def test_what_differs_is_told_from_what_does_not(arms: list[Arm]) -> None:
    table = compare(arms, seed=1)
    assert pair(table, "good", "bad")["verdict"] == "better"
    twins = table[table["other"].isin(["good", "twin"]) & table["ranker"].isin(["good", "twin"])]
    assert set(twins["verdict"]) == {"cannot be told apart"}
    assert (twins["difference_low"] < 0).all() and (twins["difference_high"] > 0).all()
    assert (twins["smallest"] > 0).all()


def test_users_without_a_figure_of_both_are_left_out(arms: list[Arm]) -> None:
    table = compare(arms, seed=1)
    assert pair(table, "good", "bad")["users"] == USERS - 1
    assert set(table.loc[table["other"] != "bad", "users"]) == {USERS}


def test_the_effect_is_the_mean_over_the_deviation_of_the_differences(arms: list[Arm]) -> None:
    arm = arms[0]
    good, bad = (
        next(n for n, one in enumerate(arm.rankers) if one.ranker == name) for name in ("good", "bad")
    )
    values = arm.of(("pair_accuracy", None))
    difference = pd.Series(values[:, good] - values[:, bad]).dropna()
    found = pair(compare(arms, seed=1), "good", "bad")
    assert found["effect_size"] == pytest.approx(difference.mean() / difference.std())
    assert found["difference"] == pytest.approx(difference.mean())


def test_p_values_are_corrected_within_a_metric(arms: list[Arm]) -> None:
    table = compare(arms, seed=1)
    own = table[table["metric"] == "ndcg"].sort_values("p_value")
    assert own["p_corrected"].iloc[0] == pytest.approx(min(1, 3 * own["p_value"].iloc[0]))
    assert own["p_corrected"].iloc[2] >= own["p_corrected"].iloc[1]


def test_one_ranker_has_nobody_to_be_compared_with() -> None:
    truth = truth_of([("1", "a", 5.0), ("1", "b", 3.0)])
    table = compare(arms_by_hand(judged_of(truth), {"alone": scored(truth, [2, 1])}), seed=1)
    assert table.empty and {"verdict", "effect_size"} <= set(table.columns)
