"""The audit of a split: each check by hand, and its lights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from trailerflow.recommendations.audit import CHECKS, audit_split
from trailerflow.recommendations.protocols.contract import FIND, Asked
from trailerflow.recommendations.splits.contract import Part
from unit.recommendations.frames import asked_about, coded_ratings, part_of, stored

FILMS = pd.DataFrame({"movie": ["1", "2", "3", "9"], "duplicate_of": [None, None, None, "1"]})
RATINGS = coded_ratings(
    [
        ("a", "1", 3.0, 10), ("a", "2", 3.0, 20), ("a", "3", 5.0, 20), ("a", "4", 5.0, 21),
        ("b", "3", 3.0, 30), ("b", "5", 3.0, 40), ("b", "6", 3.0, 40),
        ("c", "1", 4.0, 50), ("c", "5", 2.0, 60),
    ],
    ["9"],
)  # fmt: skip


def held(*ratings: str) -> pd.Series:
    """Which ratings are held out: users and films as one word each."""
    return (RATINGS["user"].astype(str) + RATINGS["movie"].astype(str)).isin(ratings)


def part_with(*ratings: str) -> Part:
    """A part that asks about these ratings and is trained on the others."""
    asked = asked_about(RATINGS[held(*ratings)].reset_index(drop=True))
    return part_of(RATINGS[~held(*ratings)].reset_index(drop=True), asked)


def audited(folder: Path, *parts: Part, users: int = 3) -> pd.DataFrame:
    return audit_split("own", stored(folder, *parts), FILMS, users).set_index("check")


def shares(folder: Path, *parts: Part, users: int = 3) -> dict[str, float]:
    return audited(folder, *parts, users=users)["share"].to_dict()


def test_every_check_by_hand(tmp_path: Path) -> None:
    """Of user a the second 20 is on both sides of the cut, and c trains to the end."""
    found = audited(tmp_path, part_with("a3", "a4", "b5", "b6"))
    assert found["share"].to_dict() == {
        "future": 1.0,  # c rates at 50 and 60
        "film_on_both_sides": 0.0,
        "tie_at_cut": 0.5,  # a, of a and b
        "tie_by_id": 0.5,
        "same_second": 0.5,  # both films of a, none of b
        "cold_users": 0.0,
        "cold_films": 0.5,  # 4 and 6 of four ratings
        "equal_ratings": 1.0,  # 5 and 5, 3 and 3
        "left_out": pytest.approx(1 / 3),  # c
    }
    assert found["of"].to_dict() == dict.fromkeys(found.index, 2) | {
        "film_on_both_sides": 4,
        "cold_films": 4,
        "left_out": 3,
    }
    assert found.loc["future", "light"] == "red"
    assert found.loc["film_on_both_sides", "light"] == "green"
    assert set(found["split"]) == {"own"}


def test_the_future_is_that_of_others(tmp_path: Path) -> None:
    """What b trains on ends at 30 when c is asked about, and b's own ratings are no future of b."""
    assert shares(tmp_path, part_with("c5"))["future"] == 0.0
    assert shares(tmp_path, part_with("b3", "b5", "b6", "c1", "c5"))["future"] == 0.0
    assert shares(tmp_path, part_with("a1", "a2", "c1", "c5"))["future"] == 0.5


def test_ties_by_chance_are_told_from_ties_by_id(tmp_path: Path) -> None:
    by_chance = replace(part_with("a3", "a4"), seed=0)
    by_id = part_with("a3", "a4")
    found = audited(tmp_path, by_chance)
    assert (found.loc["tie_at_cut", "share"], found.loc["tie_by_id", "share"]) == (1.0, 0.0)
    assert found.loc[["tie_at_cut", "tie_by_id"], "light"].tolist() == ["amber", "green"]
    found = audited(tmp_path, by_chance, by_id)
    assert found.loc[["tie_at_cut", "tie_by_id"], "share"].tolist() == [1.0, 0.5]
    assert found.loc["tie_by_id", "light"] == "red"


def test_what_a_new_user_tells_counts_as_known(tmp_path: Path) -> None:
    part = part_with("a3", "a4")
    of_a = part.train["user"] == "a"
    nothing = replace(part, train=part.train[~of_a].reset_index(drop=True))
    assert shares(tmp_path, nothing)["cold_users"] == 1.0
    assert "same_second" not in shares(tmp_path, nothing)
    told = replace(nothing, known=part.train[of_a].reset_index(drop=True))
    assert shares(tmp_path, told)["cold_users"] == 0.0
    assert shares(tmp_path, told)["same_second"] == 1.0


@pytest.mark.parametrize(("trains", "asks", "leaks"), [("a", "a", 1.0), ("b", "a", 1.0), ("b", "b", 0.0)])
def test_one_film_on_both_sides_under_two_ids(tmp_path: Path, trains: str, asks: str, leaks: float) -> None:
    """The film 1 is 9, too. In the last case nobody trains on it."""
    film = "2" if leaks == 0 else "1"
    train = coded_ratings([(trains, film, 3.0, 1), (asks, "3", 3.0, 1)], ["1", "2", "9"])
    asked = coded_ratings([(asks, "9", 3.0, 2)], ["1", "2", "9"])
    assert shares(tmp_path, part_of(train, asked_about(asked)))["film_on_both_sides"] == leaks


def test_a_film_that_trains_under_its_own_id_gives_nothing_away_by_another(tmp_path: Path) -> None:
    train = coded_ratings([("a", "3", 3.0, 1), ("b", "1", 3.0, 1), ("b", "9", 3.0, 1)])
    part = part_of(train, asked_about(coded_ratings([("a", "9", 3.0, 2)])))
    assert shares(tmp_path, part)["film_on_both_sides"] == 0.0


def test_equal_ratings_matter_where_an_order_is_asked_for(tmp_path: Path) -> None:
    part = part_with("a3", "a4")
    found: Asked = replace(part.asked[0], task=FIND)
    assert "equal_ratings" not in shares(tmp_path, replace(part, asked=(found,)))


def test_users_are_left_out_who_are_in_no_fold(tmp_path: Path) -> None:
    folds = [replace(part_with("a3"), fold=0), replace(part_with("b5"), fold=1)]
    assert shares(tmp_path, *folds)["left_out"] == pytest.approx(1 / 3)
    assert shares(tmp_path, *folds, users=40)["left_out"] == pytest.approx(38 / 40)


def test_a_split_that_asks_about_nobody_has_no_lights(tmp_path: Path) -> None:
    assert audit_split("own", stored(tmp_path), FILMS, 3).empty
    assert audit_split("own", stored(tmp_path, replace(part_with("a3"), part="block_1")), FILMS, 3).empty


@pytest.mark.parametrize(
    ("check", "share", "light"),
    [
        ("future", 0.0, "green"), ("future", 0.05, "amber"), ("future", 0.06, "red"),
        ("film_on_both_sides", 0.001, "red"),
        ("tie_at_cut", 1.0, "amber"), ("tie_at_cut", 0.01, "green"), ("tie_by_id", 0.02, "red"),
        ("same_second", 0.5, "amber"), ("same_second", 0.51, "red"),
        ("cold_films", 0.5, "amber"), ("cold_films", 1.0, "green"), ("cold_users", 0.3, "red"),
        ("left_out", float("nan"), "green"),
    ],
)  # fmt: skip
def test_lights_follow_their_limits(check: str, share: float, light: str) -> None:
    assert CHECKS[check].light(share) == light
    assert CHECKS[check].reason
