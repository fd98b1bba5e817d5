"""What the splits asked, read from their tables: who, what was known of them, and what could have been shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.recommendations.arms import arms_of
from trailerflow.recommendations.judged import BY_ID, RANDOM, Judged, judged_splits
from trailerflow.recommendations.metrics.arrays import Flags
from trailerflow.recommendations.protocols.contract import CATALOGUE, FIND
from trailerflow.recommendations.scored import scored_arms
from unit.recommendations.frames import asked_about, coded_ratings, movie_table, part_of, stored

ROWS = [
    ("1", "a", 5.0, 10), ("1", "b", 4.0, 20), ("1", "c", 3.0, 50),
    ("2", "a", 2.0, 10), ("2", "c", 4.0, 70), ("2", "d", 4.0, 70),
    ("3", "a", 1.0, 5),
]  # fmt: skip


@pytest.fixture
def tables(tmp_path: Path) -> list[Path]:
    """The last ratings of users 1 and 2 are sought in the catalogue, by two tie seeds and by id; e has no rating."""
    ratings = coded_ratings(ROWS, ["e"])
    held = (ratings["timestamp"] >= 50).to_numpy()
    train, held_out = ratings[~held].reset_index(drop=True), ratings[held].reset_index(drop=True)
    films = pd.DataFrame({"user": None, "movie": ratings["movie"].cat.categories})
    asked = replace(asked_about(held_out, rule=CATALOGUE, films=films), protocol="full", task=FIND)
    parts = [replace(part_of(train, asked), seed=seed) for seed in (0, 1, -1)]
    block = part_of(train.head(2), asked, part="block_1")
    stored(tmp_path / "last", block, *parts)
    return sorted((tmp_path / "last").glob("*.parquet"))


@pytest.fixture
def judged(tables: list[Path]) -> Judged:
    ((found,),) = judged_splits(tables)
    return found


def test_the_test_parts_of_a_split_stand_below_each_other(judged: Judged) -> None:
    assert (judged.split, judged.protocol) == ("last", "full")
    assert [key.seed for key in judged.parts] == [0, 1, -1]  # and no block
    assert judged.part.tolist() == [0, 0, 1, 1, 2, 2]
    assert [judged.users[user] for user in judged.user] == ["1", "2"] * 3
    assert [judged.movies[film] for film in judged.film] == ["c", "c", "d"] * 3
    assert judged.question.tolist() == [0, 1, 1, 2, 3, 3, 4, 5, 5]
    assert judged.place.tolist() == [0, 0, 1] * 3


def test_ties_by_id_are_an_arm_of_their_own(judged: Judged) -> None:
    def parts(flags: Flags) -> list[int]:
        return np.unique(judged.part[flags]).tolist()

    assert judged.arms == [RANDOM, BY_ID]
    assert (parts(judged.arm(RANDOM)), parts(judged.arm(BY_ID))) == ([0, 1], [2])


def test_what_is_known_of_users_and_films_is_that_of_the_training_part(judged: Judged) -> None:
    assert judged.activity.tolist() == [2, 1] * 3
    assert judged.gap.tolist() == [30, 60] * 3
    popularity = dict(zip(judged.movies, judged.popularity[0], strict=True))
    assert popularity == {"a": 1, "b": pytest.approx(1 / 3), "c": 0, "d": 0, "e": 0}
    assert judged.history_popularity[:2].tolist() == [pytest.approx(2 / 3), 1]
    assert judged.least[0] == pytest.approx(1 / 3)


def test_a_rating_has_its_year_whatever_its_time_stamp(tmp_path: Path) -> None:
    times = (
        883612799 - 86400,
        883612800 + 86400,
        883612800 * 1000,
    )  # a day before 1998, a day after, milliseconds
    ratings = coded_ratings([("1", film, 3.0, time) for film, time in zip("abc", times, strict=True)])
    stored(tmp_path / "last", part_of(ratings.head(0), asked_about(ratings)))
    ((found,),) = judged_splits(sorted((tmp_path / "last").glob("*.parquet")))
    assert found.year[:2].tolist() == [1997, 1998]
    assert found.year[2] > 1998


def test_a_film_that_only_a_later_part_knows_keeps_its_place(tmp_path: Path) -> None:
    ratings = coded_ratings([("1", "a", 3.0, 1), ("1", "z", 3.0, 2), ("2", "a", 3.0, 3)])
    first, later = ratings[ratings["movie"] == "a"].reset_index(drop=True), ratings
    parts = [
        part_of(train, asked_about(ratings.head(1)), fold=fold) for fold, train in enumerate((first, later))
    ]
    stored(tmp_path / "last", *parts)
    ((found,),) = judged_splits(sorted((tmp_path / "last").glob("*.parquet")))
    popularity = [dict(zip(found.movies, row, strict=True)) for row in found.popularity.tolist()]
    assert popularity == [{"a": 1, "z": 0}, {"a": 1, "z": 0.5}]


def test_chance_shows_any_candidate_but_none_that_the_user_has_rated(judged: Judged) -> None:
    assert judged.candidates.tolist() == [3, 4] * 3
    assert judged.catalogue.tolist() == [5, 5, 5]
    question, film = judged.drawn_lists
    shown = {(int(each), judged.movies[number]) for each, number in zip(question, film, strict=True)}
    assert {name for each, name in shown if each == 0} == {"c", "d", "e"}
    assert {name for each, name in shown if each == 1} == {"b", "c", "d", "e"}


def test_a_split_that_asks_nobody_has_no_arm(tmp_path: Path) -> None:
    ratings = coded_ratings(ROWS)
    stored(tmp_path / "empty", part_of(ratings, asked_about(ratings.head(0))))
    tables = sorted((tmp_path / "empty").glob("*.parquet"))
    assert list(judged_splits(tables)) == [[]]
    assert scored_arms(tables, [], movie_table([("a", "A", 1990, ["Drama"])])) == []


def test_without_rankings_chance_and_the_oracle_stand_alone(tables: list[Path]) -> None:
    films = movie_table([(film, film, 1990, ["Drama"]) for film in "abcde"])
    arms = scored_arms(tables, [], films)
    assert [(arm.ties, [one.ranker for one in arm.rankers]) for arm in arms] == [
        (RANDOM, ["chance", "oracle"]), (BY_ID, ["chance", "oracle"]),
    ]  # fmt: skip
    assert next(arms_of(arms[0].judged, arms[0].rankers)).repeats == {"folds": 1, "seeds": 2}
