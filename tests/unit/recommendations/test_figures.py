"""All that is shown to all users: which users are one audience."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.scoring import score_rankings
from unit.recommendations.judging import arms_by_hand, judged_of, scored, truth_of


def distinct(truth: pd.DataFrame) -> float:
    """Films that are shown, where every user is shown the held-out ones."""
    judged = judged_of(truth, task=FIND)
    table = score_rankings(arms_by_hand(judged, {"ranker": scored(truth, [1.0] * len(truth))}), seed=0)
    rows = table[(table["metric"] == "distinct_films") & (table["ranker"] == "ranker")]
    return float(rows["value"].iloc[0])


def truth(user: str, films: Sequence[str], *, fold: int = 0, seed: int = 0) -> pd.DataFrame:
    return truth_of([(user, film, 4.0) for film in films], fold=fold, seed=seed, films=9)


def test_users_of_several_folds_are_one_audience_and_seeds_are_not() -> None:
    folds = [truth("1", ["a", "b"], fold=0), truth("2", ["b", "c"], fold=1)]
    assert distinct(pd.concat(folds)) == pytest.approx(3)
    again = [truth("1", ["a"], seed=1), truth("2", ["a"], fold=1, seed=1)]
    assert distinct(pd.concat([*folds, *again])) == pytest.approx((3 + 1) / 2)


def test_folds_that_ask_about_the_same_user_are_apart() -> None:
    folds = [truth("1", ["a", "b"], fold=0), truth("1", ["c"], fold=1)]
    assert distinct(pd.concat(folds)) == pytest.approx((2 + 1) / 2)
