"""The last ratings of every user, in steps: what each part knows and asks, and what a tie seed may change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part
from trailerflow.recommendations.splits.leave_last import LeaveLast
from trailerflow.recommendations.splits.times import in_order_of_time
from unit.recommendations.frames import coded_ratings

pytestmark = pytest.mark.slow

Row = tuple[str, str, float, int]


def parts_of(
    rows: list[Row], own: Mapping[str, Any] | None = None, *, tie_seeds: int = 1
) -> dict[tuple[str, int], Part]:
    """The parts by their names and seeds."""
    common = Settings(held_out=2, history=1, llm_users=5, seed=3, tie_seeds=tie_seeds)
    parts = LeaveLast(own).split(coded_ratings(rows), pd.DataFrame({"movie": []}, dtype=str), common)
    return {(part.part, part.seed): part for part in parts}


def told(frame: pd.DataFrame) -> list[str]:
    """Users and films of the rows, each as one word."""
    return [f"{user}{movie}" for user, movie in zip(frame["user"], frame["movie"], strict=True)]


def test_the_blocks_before_the_test() -> None:
    """User a has films enough for all steps, b for the test alone, c for none."""
    rows = [("a", str(film), 3.0, film) for film in range(1, 8)]
    rows += [("b", str(film), 4.0, film) for film in range(1, 5)] + [("c", "1", 4.0, 1), ("c", "2", 1.0, 2)]
    parts = parts_of(rows)
    assert list(parts) == [("block_2", 0), ("block_1", 0), (TEST, 0)]
    found = {
        name: (told(part.train), told(part.validation), told(part.asked[0].truth))
        for (name, _), part in parts.items()
    }
    assert found == {
        "block_2": (["a1", "c1", "c2"], [], ["a2", "a3"]),
        "block_1": (["a1", "a2", "a3", "c1", "c2"], ["a2", "a3"], ["a4", "a5"]),
        "test": (
            ["a1", "a2", "a3", "a4", "a5", "b1", "b2", "c1", "c2"],
            ["a4", "a5"],
            ["a6", "a7", "b3", "b4"],
        ),
    }
    assert [asked.protocol for asked in parts[TEST, 0].asked] == ["temporal", "full", "sampled"]
    assert parts[TEST, 0].notes == (
        "Users who have 3 ratings of all films (held_out: 2, history: 1): 2 of 3. Those of the others only train.",
    )


def test_no_user_is_left() -> None:
    parts = parts_of([("a", "1", 3.0, 1), ("b", "2", 3.0, 2)], {"blocks": 0})
    (part,) = parts.values()
    assert [len(asked.questions) for asked in part.asked] == [0, 0, 0]
    assert part.notes[0].startswith("No user has 3 ratings of all films (held_out: 2, history: 1), so no")


def test_the_arm_by_id_stands_beside_the_seeds() -> None:
    rows = [("a", film, 3.0, 5) for film in ("10", "9", "8", "7")]
    parts = parts_of(rows, {"blocks": 0, "ties_by_id": True}, tie_seeds=2)
    assert list(parts) == [(TEST, 0), (TEST, 1), (TEST, TIES_BY_ID)]
    assert told(parts[TEST, TIES_BY_ID].asked[0].truth) == ["a9", "a10"]


def test_each_film_of_a_second_is_the_last_equally_often() -> None:
    rows = [("a", "1", 3.0, 1), *(("a", film, 3.0, 9) for film in ("3", "4", "5")), ("a", "2", 3.0, 10)]
    orders = [told(in_order_of_time(coded_ratings(rows), seed)) for seed in range(300)]
    assert {(order[0], order[4]) for order in orders} == {("a1", "a2")}
    counts = Counter(order[3] for order in orders)
    assert set(counts) == {"a3", "a4", "a5"}
    assert all(70 < count < 130 for count in counts.values())


RATINGS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(1, 15).map(str),
        st.integers(1, 5).map(float),
        st.integers(1, 4),
    ),
    unique_by=lambda row: row[:2],
)


@given(RATINGS)
@settings(max_examples=15, deadline=None)
def test_what_is_held_out_is_not_known_and_blocks_nest(rows: list[Row]) -> None:
    parts = list(parts_of(rows).values())
    for part in parts:
        truth = part.asked[0].truth
        assert not set(told(truth)) & set(told(part.train))
        last = part.train.groupby("user", observed=True)["timestamp"].max()
        first = truth.groupby("user", observed=True)["timestamp"].min()
        assert (last[first.index] <= first).all()
        assert set(told(part.validation)) <= set(told(part.train))
    for earlier, later in pairwise(parts):
        truth = earlier.asked[0].truth
        assert set(told(earlier.train)) | set(told(truth)) <= set(told(later.train))
    whole = [*told(parts[-1].train), *told(parts[-1].asked[0].truth)]
    assert sorted(whole) == sorted(f"{user}{film}" for user, film, _, _ in rows)


@given(RATINGS)
@settings(max_examples=15, deadline=None)
def test_a_tie_seed_changes_only_the_order_within_a_second(rows: list[Row]) -> None:
    parts = parts_of(rows, {"blocks": 1, "ties_by_id": True}, tie_seeds=2)
    for name in ("block_1", TEST):
        one, *others = [part for (own, _), part in parts.items() if own == name]
        for other in others:
            for mine, its in (
                (one.train, other.train),
                (one.asked[0].truth, other.asked[0].truth),
                (one.asked[0].questions, other.asked[0].questions),
            ):
                pd.testing.assert_frame_equal(mine[["user", "timestamp"]], its[["user", "timestamp"]])


@given(RATINGS)
@settings(max_examples=15, deadline=None)
def test_renamed_films_change_nothing_but_names(rows: list[Row]) -> None:
    """The new ids are in the same order; in another order the films of one second are shuffled in another way."""
    renamed = [(user, str(int(film) * 7 + 100), rating, time) for user, film, rating, time in rows]
    for part, other in zip(parts_of(rows).values(), parts_of(renamed).values(), strict=True):
        for mine, its in ((part.train, other.train), (part.asked[0].truth, other.asked[0].truth)):
            assert [str(int(film) * 7 + 100) for film in mine["movie"]] == its["movie"].tolist()
            pd.testing.assert_frame_equal(mine.drop(columns="movie"), its.drop(columns="movie"))
