"""What every split gets: films with one id each, and a word on times that tell nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from trailerflow.recommendations.splits.coding import coded, known_films
from trailerflow.recommendations.splits.times import told_of_times
from unit.recommendations.frames import ratings_of


def films(**duplicates: str | None) -> pd.DataFrame:
    """Films by their ids, each with the id that it is linked to."""
    return pd.DataFrame(
        {"movie": list(duplicates), "duplicate_of": list(duplicates.values())}, dtype=str
    ).astype({"duplicate_of": "string"})


def links(archive: pd.DataFrame, movies: pd.DataFrame) -> dict[str, str | None]:
    known = known_films(archive, movies)
    return {
        movie: None if pd.isna(first) else first
        for movie, first in zip(known["movie"], known["duplicate_of"], strict=True)
    }


@pytest.mark.parametrize(
    ("movies", "found"),
    [
        (films(), {"a": None, "b": "a", "c": None}),
        (films(a=None), {"a": None, "b": "a", "c": None}),
        (films(b=None), {"b": None, "a": "b", "c": None}),  # the id of this run stands for the film
        (films(a=None, b="a"), {"a": None, "b": "a", "c": None}),
        (films(x=None, y="x"), {"x": None, "y": "x", "a": None, "b": "a", "c": None}),  # not of the archive
        (films(c=None, y="c"), {"c": None, "y": "c", "a": None, "b": "a"}),
    ],
)
def test_each_film_has_one_id(movies: pd.DataFrame, found: dict[str, str | None]) -> None:
    assert links(films(a=None, b="a", c=None), movies) == found


def test_ratings_are_of_films_and_not_of_ids() -> None:
    ratings = ratings_of([("1", "b", 3, 1), ("1", "c", 3, 2), ("2", "a", 4, 1)])
    found = coded(ratings, known_films(films(a=None, b="a", c=None, d=None), films(x=None)))
    assert found["movie"].tolist() == ["a", "c", "a"]
    assert list(found["movie"].cat.categories) == ["a", "c", "d", "x"]


def test_times_that_tell_nothing_are_told() -> None:
    (note,) = told_of_times(ratings_of([("1", "a", 3, 5), ("2", "a", 3, 5)]))
    assert note.startswith("All ratings have the same time")
    assert told_of_times(ratings_of([("1", "a", 3, 5), ("2", "a", 3, 6)])) == ()
    assert told_of_times(ratings_of([])) == ()
