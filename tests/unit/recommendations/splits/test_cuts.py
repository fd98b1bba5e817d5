"""Splits by checkpoints, by a date, by films and by users: who is asked about what, and what is known then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.splits.cold_items import ColdItems
from trailerflow.recommendations.splits.cold_users import ColdUsers
from trailerflow.recommendations.splits.contract import TEST, Part, Split
from trailerflow.recommendations.splits.global_time import GlobalTime
from trailerflow.recommendations.splits.leave_last import LeaveLast
from trailerflow.recommendations.splits.leave_last_past import LeaveLastPast
from unit.recommendations.frames import coded_ratings, random_ratings

Row = tuple[str, str, float, int]
SPLITS: list[type[Split]] = [LeaveLast, LeaveLastPast, GlobalTime, ColdItems, ColdUsers]
NOTHING = pd.DataFrame({"movie": []}, dtype=str)


def parts_of(
    split: type[Split],
    ratings: pd.DataFrame,
    own: Mapping[str, Any] | None = None,
    *,
    held_out: int = 1,
    history: int = 1,
) -> list[Part]:
    common = Settings(held_out, history, llm_users=0, seed=3, tie_seeds=2)
    return list(split(own).split(ratings, NOTHING, common))


def told(frame: pd.DataFrame) -> list[str]:
    """Users and films of the rows, each as one word."""
    return [f"{user}{movie}" for user, movie in zip(frame["user"], frame["movie"], strict=True)]


def long_ratings() -> pd.DataFrame:
    """Twenty users with 16 of 40 films each, at times that overlap, some in one second."""
    return coded_ratings(
        [
            (f"u{user}", f"m{(user * 7 + place * 3) % 40}", 1.0 + (user + place) % 5, user * 4 + place // 2)
            for user in range(20)
            for place in range(16)
        ]
    )


@pytest.mark.parametrize("split", SPLITS)
def test_nothing_that_is_held_out_is_known(split: type[Split]) -> None:
    ratings = long_ratings()
    parts = parts_of(split, ratings, held_out=2, history=2)
    assert TEST in {part.part for part in parts}
    assert len({(part.part, part.fold, part.seed) for part in parts}) == len(parts)
    for part in parts:
        (held_out,) = {frozenset(told(asked.truth)) for asked in part.asked}
        assert held_out
        assert not held_out & {*told(part.train), *told(part.known)}
        assert not set(told(part.train)) & set(told(part.known))
        assert set(told(part.validation)) <= set(told(part.train))
        for frame in (part.train, part.known, part.validation):
            assert list(frame["movie"].cat.categories) == list(ratings["movie"].cat.categories)
            times = frame.groupby("user", observed=True)["timestamp"]
            assert (times.diff().dropna() >= 0).all()


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("rows", [[], [("a", "1", 3.0, 5)], [("a", "1", 3.0, 5), ("b", "1", 3.0, 5)]])
def test_a_split_that_leaves_nobody_says_so(split: type[Split], rows: list[Row]) -> None:
    parts = parts_of(split, coded_ratings(rows))
    assert sum(len(asked.questions) for part in parts for asked in part.asked) == 0
    notes = [note for part in parts for note in part.notes]
    assert any("no ranking can be tested" in note for note in notes)


def test_a_checkpoint_knows_what_everybody_had_rated() -> None:
    """The one checkpoint is between the seconds 5 and 6; users a and b go on after it, the training of c has ended."""
    rows = [("a", "1", 3.0, 1), ("a", "2", 3.0, 6), ("a", "3", 3.0, 9)]
    rows += [("b", "1", 3.0, 3), ("b", "2", 3.0, 4), ("b", "3", 3.0, 7), ("b", "4", 3.0, 8)]
    rows += [("c", "4", 3.0, 2), ("c", "1", 3.0, 10), ("d", "9", 3.0, 5)]
    test = parts_of(LeaveLastPast, coded_ratings(rows), {"checkpoints": 1, "blocks": 1})[1]
    assert told(test.train) == ["a1", "b1", "b2", "c4", "d9"]
    assert told(test.known) == ["a2", "b3"]
    assert told(test.asked[0].truth) == ["a3", "b4"]
    assert (
        "Users without a training rating after the first of 1 checkpoints, who are left out: 1." in test.notes
    )


def test_a_block_of_a_checkpoint_asks_who_rated_latest_before_it() -> None:
    rows = [(user, film, 3.0, 3 * int(film) + place) for place, user in enumerate("ab") for film in "1234"]
    rows += [("c", film, 3.0, 50 + int(film)) for film in "12345678"]
    own = {"checkpoints": 1, "blocks": 1, "block_users": 1}
    block, test = parts_of(LeaveLastPast, coded_ratings(rows), own)[:2]
    assert told(test.train) == ["a1", "a2", "a3", "b1", "b2", "b3"]
    assert block.part == "block_1"
    assert told(block.train) == ["a1", "a2", "b1", "b2"]
    assert told(block.asked[0].truth) == told(test.validation) == ["b3"]


def test_the_questions_are_those_of_leave_last() -> None:
    ratings = long_ratings()
    once = {
        (part.seed, *each)
        for part in parts_of(LeaveLast, ratings, {"blocks": 0})
        for each in told(part.asked[0].truth)
    }
    past = [
        (part.seed, *each)
        for part in parts_of(LeaveLastPast, ratings, {"blocks": 0, "checkpoints": 5})
        for each in told(part.asked[0].truth)
    ]
    assert len(set(past)) == len(past) > 20
    assert set(past) < once


def test_a_date_divides_what_is_known_from_what_is_asked() -> None:
    rows = [("a", str(time), 3.0, time) for time in range(1, 11)]
    rows += [
        ("b", "1", 3.0, 9),
        ("b", "2", 3.0, 10),
        ("c", "1", 3.0, 2),
        ("d", "1", 3.0, 1),
        ("d", "2", 3.0, 2),
    ]
    (part,) = parts_of(GlobalTime, coded_ratings(rows), {"share": 0.8, "blocks": 0}, history=2)
    assert told(part.train) == ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "c1", "d1", "d2"]
    assert told(part.asked[0].truth) == ["a9", "a10"]
    assert part.notes == (
        "The date is 1970-01-01, after 80% of the ratings. Users with 2 ratings (history) before it and one after it: "
        "1 of 4.",
    )


def test_the_blocks_of_a_date_are_what_was_rated_before_it() -> None:
    ratings = coded_ratings([("a", str(time), 3.0, time) for time in range(1, 11)])
    parts = parts_of(GlobalTime, ratings, {"share": 0.75, "blocks": 3})
    assert [(part.part, told(part.asked[0].truth)) for part in parts] == [
        ("block_2", ["a4", "a5"]),
        ("block_1", ["a6", "a7"]),
        ("test", ["a8", "a9", "a10"]),
    ]
    assert [len(part.train) for part in parts] == [3, 5, 7]
    assert told(parts[2].validation) == ["a6", "a7"]


def test_every_film_is_new_once() -> None:
    ratings = long_ratings()
    parts = parts_of(ColdItems, ratings)
    tests = [part for part in parts if part.part == TEST]
    assert [part.fold for part in tests] == [0, 1, 2, 3, 4]
    films = [set(part.asked[0].truth["movie"]) for part in tests]
    assert sum(len(fold) for fold in films) == len(set.union(*films)) == 40
    for part in parts:
        truth = part.asked[0].truth
        assert not set(truth["movie"]) & set(part.train["movie"])
        assert (truth.groupby("user", observed=True)["rating"].nunique() > 1).all()
    blocks = [part for part in parts if part.part == "block_1"]
    for block, test, fold in zip(blocks, tests, films, strict=True):
        assert not set(block.train["movie"]) & fold
        assert set(block.asked[0].truth["movie"]) <= set(test.train["movie"])
    assert len(parts_of(ColdItems, ratings, {"only": 1, "blocks": 0})) == 1


def test_a_new_film_is_asked_about_after_all_that_the_user_has_rated() -> None:
    for part in parts_of(ColdItems, random_ratings(), {"folds": 3, "only": 2}):
        last = part.train.groupby("user", observed=True)["timestamp"].max()
        questions = part.asked[0].questions
        assert questions["timestamp"].tolist() == last[questions["user"]].tolist()


def test_a_new_user_is_told_by_the_first_ratings() -> None:
    ratings = long_ratings()
    parts = parts_of(ColdUsers, ratings, {"blocks": 1})
    tests = [part for part in parts if part.part == TEST]
    assert [part.asked[0].protocol for part in tests] == ["first_1", "first_3", "first_5", "first_10"] * 5
    assert [part.seed for part in tests] == [0] * 4 + [1] * 4 + [0] * 4 + [1] * 4 + [0] * 4
    asked = []
    for part in parts:
        known = part.known.groupby("user", observed=True).size()
        assert set(known) == {int(part.asked[0].protocol.removeprefix("first_"))}
        assert not set(part.train["user"]) & set(known.index)
        first = part.asked[0].truth.groupby("user", observed=True)["timestamp"].min()
        assert (part.known.groupby("user", observed=True)["timestamp"].max() <= first).all()
        assert set(part.asked[0].questions["user"]) == set(known.index)
    asked = [user for part in tests[::4] for user in part.asked[0].questions["user"]]
    assert sorted(asked) == sorted(ratings["user"].cat.categories)


def test_users_with_too_few_ratings_are_left_out_and_counted() -> None:
    rows = [(user, str(film), 3.0, film) for user, films in (("a", 11), ("b", 10)) for film in range(films)]
    parts = parts_of(ColdUsers, coded_ratings(rows), {"folds": 2, "only": 2, "blocks": 0})
    users = [list(part.asked[0].questions["user"]) for part in parts[::4]]
    assert sorted(users) == [[], ["a"]]
    notes = [note.partition(": ")[2] for part in parts[::4] for note in part.notes]
    assert notes[users.index(["a"])] == (
        "1 of its users have 11 ratings (10 to be told at most, held_out 1); the others are left out."
    )


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"folds": 3, "only": 5}, "cold_items: only is 5; with 3 folds it must be 3 at most"),
        ({"folds": 3, "only": 1, "blocks": 2}, "cold_items: blocks is 2; with 3 folds it must be 1 at most"),
        ({"folds": 1}, "folds is 1; it must be from 2 to 100"),
    ],
)
def test_folds_that_cannot_be_made_are_refused(settings: dict[str, int], error: str) -> None:
    with pytest.raises(TrailerflowError, match=error):
        ColdItems(settings)
