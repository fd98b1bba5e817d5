"""Figures by groups: of users, of questions and of films."""

from __future__ import annotations

import pandas as pd
import pytest

from trailerflow.recommendations.breakdowns import break_down
from trailerflow.recommendations.judged import Judged
from unit.recommendations.judging import arms_by_hand, judged_of, scored, truth_of

RATINGS = [
    ("1", "a", 5.0), ("1", "b", 3.0), ("1", "c", 1.0),
    ("2", "a", 4.0), ("2", "b", 2.0), ("2", "c", 3.0),
]  # fmt: skip
SCORES = [3, 2, 1, 1, 3, 2]
"""All right for user 1, all wrong for user 2."""
PEOPLE = pd.DataFrame(
    {
        "user": ["1", "2", "9"],
        "age": pd.array([17, 56, 30], dtype="Int64"),
        "sex": ["F", None, "M"],
        "occupation": ["writer", "writer", "none"],
    }
)
NOBODY = PEOPLE.head(0)


def judged(seed: int = 0) -> Judged:
    return judged_of(truth_of(RATINGS, seed=seed), activity=[19, 200], gap=[1.0, 3601.0])


def table(
    people: pd.DataFrame = PEOPLE, years: dict[str, float] | None = None, seed: int = 0
) -> pd.DataFrame:
    rankings = {"ranker": scored(truth_of(RATINGS, seed=seed), SCORES)}
    found = break_down(arms_by_hand(judged(seed), rankings, years), people, seed=1)
    return found[(found["ranker"] == "ranker") & (found["metric"] == "pair_accuracy")]


def figures(found: pd.DataFrame, by: str) -> dict[str, tuple[float, int]]:
    own = found[found["by"] == by]
    return {row["group"]: (row["value"], row["users"]) for _, row in own.iterrows()}


def test_users_are_grouped_by_what_is_known_of_them() -> None:
    found = table()
    assert figures(found, "activity") == {"under 20 ratings": (1, 1), "200 or more": (0, 1)}
    assert figures(found, "age") == {"under 18": (1, 1), "56 or more": (0, 1)}
    assert figures(found, "sex") == {"F": (1, 1)}
    assert figures(found, "occupation") == {"writer": (0.5, 2)}
    assert not set(figures(table(NOBODY), "age")) | set(figures(table(NOBODY), "occupation"))


def test_users_are_grouped_by_the_time_from_training_to_test() -> None:
    assert figures(table(), "gap") == {"at most one second": (1, 1), "more than an hour": (0, 1)}


@pytest.mark.parametrize(
    ("gaps", "group"),
    [([0.0, 1.0], "at most one second"), ([2.0, 3600.0], "to an hour"), ([3601.0, 1e9], "more than an hour")],
)
def test_the_groups_of_that_time_meet_without_a_gap(gaps: list[float], group: str) -> None:
    rankings = {"ranker": scored(truth_of(RATINGS), SCORES)}
    found = break_down(arms_by_hand(judged_of(truth_of(RATINGS), gap=gaps), rankings), PEOPLE, seed=1)
    assert set(found.loc[found["by"] == "gap", "group"]) == {group}


def test_a_split_by_films_has_no_time_from_training_to_test() -> None:
    rankings = {"ranker": scored(truth_of(RATINGS), SCORES)}
    arms = arms_by_hand(judged_of(truth_of(RATINGS), gap=[-5.0, -1.0]), rankings)
    assert "gap" not in set(break_down(arms, PEOPLE, seed=1)["by"])


def test_films_of_one_age_are_put_into_order_by_themselves() -> None:
    # Rated in 1998: a and b are new, c is old; among a and b user 1 is right and user 2 wrong.
    years = {"a": 1998.0, "b": 1997.0, "c": 1950.0}
    assert figures(table(years=years), "film age") == {"this year or the last": (0.5, 2)}
    years = {"a": 1998.0, "b": 1950.0, "c": 1950.0}  # among b and c
    assert figures(table(years=years), "film age") == {"more than 20 years": (0.5, 2)}
    assert figures(table(), "film age") == {}


def test_each_group_has_its_company_and_its_interval() -> None:
    rankings = {"ranker": scored(truth_of(RATINGS), SCORES)}
    found = break_down(arms_by_hand(judged(), rankings), PEOPLE, seed=1)
    writers = found[(found["group"] == "writer") & (found["metric"] == "pair_accuracy")].set_index("ranker")
    assert writers["value"].to_dict() == {"chance": 0.5, "oracle": 1.0, "ranker": 0.5}
    assert writers.loc["ranker", ["low", "high"]].tolist() == [0, 1]
    assert writers.loc["chance", ["low", "high"]].tolist() == [0.5, 0.5]


def test_an_arm_of_ties_has_rows_of_its_own() -> None:
    assert set(table(seed=-1)["ties"]) == {"by_id"}
    with pytest.raises(KeyError):
        break_down([], PEOPLE, seed=1)["users_set"]  # all users are meant
