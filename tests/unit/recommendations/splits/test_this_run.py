"""The temporal split: who is tested, on what, and that nothing of the test is in the training part."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailerflow.recommendations.protocols.contract import Asked, Settings
from trailerflow.recommendations.splits.coding import coded
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part
from trailerflow.recommendations.splits.this_run import ThisRun
from unit.recommendations.frames import ratings_of

pytestmark = pytest.mark.slow

COLUMNS = ["user", "movie", "rating", "timestamp"]


@dataclass(frozen=True)
class Found:
    """The one part, with ids as text."""

    part: Part
    train: pd.DataFrame
    test: pd.DataFrame
    users: pd.DataFrame
    asked: Asked


def split(ratings: pd.DataFrame, movies: list[str] | pd.DataFrame, **changes: int) -> Found:
    settings = Settings(**({"held_out": 2, "history": 1, "llm_users": 1, "seed": 3} | changes))
    table = movies if isinstance(movies, pd.DataFrame) else pd.DataFrame({"movie": movies}, dtype=str)
    (part,) = ThisRun().split(coded(ratings, table), table, settings)
    (asked,) = part.asked
    words = {"user": str, "movie": str}
    return Found(
        part, part.train.astype(words), asked.truth.astype(words), asked.users.astype({"user": str}), asked
    )


def test_the_last_ratings_of_this_runs_films_are_held_out() -> None:
    ratings = ratings_of(
        [
            ("1", "30", 3, 5),  # last of all, but not of this run
            ("1", "9", 4, 2),
            ("1", "10", 2, 2),  # same second as 9: the order of movie numbers decides, 9 before 10
            ("1", "2", 5, 1),
            ("1", "8", 1, 2),
            ("2", "9", 4, 1),  # too few films of this run
            ("2", "30", 4, 2),
        ]
    )
    found = split(ratings, ["2", "8", "9", "10"])
    assert found.test[COLUMNS].values.tolist() == [["1", "9", 4, 2], ["1", "10", 2, 2]]
    assert found.users.values.tolist() == [["1", "llm"]]
    assert found.train["movie"].tolist() == ["2", "8", "30", "9", "30"]
    assert found.part.notes == (
        "Users who have 3 ratings of this run's films (held_out: 2, history: 1): 1 of 2. Those of the others only train.",
    )


def test_a_film_under_two_ids_is_one_film() -> None:
    ratings = ratings_of(
        [
            ("1", "2", 1, 1), ("1", "9", 5, 9), ("1", "7", 3, 2), ("1", "8", 2, 3),  # 9 is 2 again
            ("2", "9", 4, 1), ("2", "7", 1, 2), ("2", "8", 5, 3),
        ]
    )  # fmt: skip
    movies = pd.DataFrame({"movie": ["2", "7", "8", "9"], "duplicate_of": [None, None, None, "2"]})
    found = split(ratings, movies)
    assert found.test[COLUMNS].values.tolist() == [
        ["1", "8", 2, 3], ["1", "2", 5, 9], ["2", "7", 1, 2], ["2", "8", 5, 3],
    ]  # fmt: skip
    assert found.train[COLUMNS].values.tolist() == [["1", "7", 3, 2], ["2", "2", 4, 1]]


def test_a_rating_given_twice_counts_once() -> None:
    ratings = ratings_of([("1", movie, rating, 1) for movie, rating in (("2", 1), ("7", 2), ("8", 3))] * 2)
    found = split(ratings, ["2", "7", "8"])
    assert (len(found.test), len(found.train)) == (2, 1)


def test_only_users_whose_held_out_ratings_differ_are_drawn() -> None:
    rows = [
        (str(user), str(movie), 4 + (user == 7 and movie == 3), movie)
        for user in range(9)
        for movie in range(4)
    ]
    found = split(ratings_of(rows), [str(movie) for movie in range(4)], llm_users=5)
    assert found.users[found.users["set"] == "llm"]["user"].tolist() == ["7"]
    assert len(found.users) == 9


def test_a_larger_draw_holds_the_smaller_one() -> None:
    rows = [(str(user), str(movie), 1.0 + movie, movie) for user in range(30) for movie in range(4)]
    draws = [
        set(split(ratings_of(rows), list("0123"), llm_users=users).users.query("set == 'llm'")["user"])
        for users in (3, 10)
    ]
    assert len(draws[0]) == 3
    assert len(draws[1]) == 10
    assert draws[0] < draws[1]
    other = split(ratings_of(rows), list("0123"), llm_users=10, seed=4).users.query("set == 'llm'")["user"]
    assert set(other) != draws[1]


def test_the_part_and_what_the_protocol_asks() -> None:
    found = split(ratings_of([("1", movie, 3, int(movie)) for movie in "5798"]), list("5789"))
    part, asked = found.part, found.asked
    assert (part.part, part.fold, part.seed) == (TEST, 0, TIES_BY_ID)
    assert part.validation.empty
    assert part.known.empty
    assert (asked.protocol, asked.task) == ("temporal", "order")
    assert asked.questions.astype({"user": str}).values.tolist() == [
        ["1", 8, "listed"]
    ]  # the first held-out time
    assert asked.candidates["movie"].tolist() == ["8", "9"]
    assert list(part.train["movie"].cat.categories) == ["5", "7", "8", "9"]


@pytest.mark.parametrize("rows", [[], [("a", "x", 3.0, 1)]])
def test_a_catalogue_without_enough_ratings_gives_empty_tables_and_says_so(
    rows: list[tuple[str, str, float, int]],
) -> None:
    found = split(ratings_of(rows), ["x"])
    assert found.test.empty
    assert found.users.empty
    assert len(found.train) == len(rows)
    assert found.part.notes[0].startswith(
        "No user has 3 ratings of this run's films (held_out: 2, history: 1), so"
    )


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 12), st.integers(1, 5), st.integers(1, 3)),
        unique_by=lambda row: row[:2],
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=50)
def test_every_rating_is_on_one_side_and_the_order_of_the_rows_does_not_matter(
    rows: list[tuple[str, int, int, int]], random: Random
) -> None:
    table = ratings_of([(user, str(movie), float(rating), second) for user, movie, rating, second in rows])
    movies = [str(movie) for movie in range(1, 9)]
    found = split(table, movies)
    both = pd.concat([found.train, found.test])
    assert sorted(both.itertuples(index=False, name=None)) == sorted(table.itertuples(index=False, name=None))
    assert found.test.groupby("user").size().eq(2).all()
    assert found.test["movie"].isin(movies).all()
    for user, rows_of_user in found.test.groupby("user"):
        train = found.train[found.train["user"] == user]
        known = train[train["movie"].isin(movies)]
        assert len(known) >= 1
        assert known["timestamp"].max() <= rows_of_user["timestamp"].min()
    shuffled = split(table.sample(frac=1, random_state=random.randint(0, 999)), movies)
    pd.testing.assert_frame_equal(shuffled.test, found.test)
    pd.testing.assert_frame_equal(shuffled.users, found.users)
