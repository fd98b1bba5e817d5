"""A saved ranker that answers for users, known or not, and learns of a rating at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.recommending.recommender import Recommender
from unit.recommendations.recommending.shop import ARCHIVE, RATINGS, more, recommender_of


@pytest.fixture(scope="module")
def recommender(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    return recommender_of(tmp_path_factory.mktemp("saved") / "ease")


def best(
    recommender: Recommender, user: str, *rows: tuple[str, str, float, int], count: int = 1
) -> list[str]:
    return [each.movie for each in recommender.recommend(user, more(*rows), count=count)]


def test_a_user_of_the_archive_gets_what_goes_with_the_ratings_and_is_not_rated(
    recommender: Recommender,
) -> None:
    assert best(recommender, "u3", count=10)[0] == "5"
    assert set(best(recommender, "u3", count=10)) == {"1", "2", "5", "6"}


def test_a_new_user_needs_some_ratings_and_a_rating_changes_the_next_answer(recommender: Recommender) -> None:
    one = ("me", "3", 5.0, 1)
    assert best(recommender, "me", one) == ["4"]
    assert best(recommender, "me", one, ("me", "4", 5.0, 2)) == ["5"]
    assert best(recommender, "me", ("me", "1", 5.0, 1)) == ["2"]
    assert best(recommender, "me", one, ("other", "4", 5.0, 2)) == ["4"]
    with pytest.raises(TrailerflowError, match="No rating of the user nobody is known"):
        recommender.recommend("nobody", more(one))


def test_of_a_film_that_was_rated_again_the_newer_rating_counts(recommender: Recommender) -> None:
    own = recommender.ratings_of("u0", more(("u0", "2", 1.0, 99), ("u0", "1", 1.0, -1)))
    assert own[["movie", "rating"]].values.tolist() == [["1", 5.0], ["2", 1.0]]
    assert recommender.facts("u0", more(("u0", "2", 1.0, 99))).own == {"1": 5.0, "2": 1.0}


def test_films_that_left_the_archive_since_the_fit_are_not_shown(tmp_path: Path) -> None:
    recommender = recommender_of(tmp_path / "ease")
    later = Recommender(recommender.saved, ARCHIVE[ARCHIVE["movie"] != "4"], RATINGS[RATINGS["movie"] != "4"])
    assert "4" not in best(later, "me", ("me", "3", 5.0, 1), count=10)


def test_an_explanation_names_the_nearest_film_that_was_liked(recommender: Recommender) -> None:
    rows = more(("me", "3", 5.0, 1), ("me", "1", 2.0, 2))
    (suggestion,) = recommender.recommend("me", rows, count=1)
    claims = recommender.explain(suggestion, recommender.facts("me", rows))
    assert [claim.sentence(recommender.films) for claim in claims] == [
        "Of the films that you liked, The Usual Suspects (1995) is the nearest in the eyes of the ranker.",
        "You gave The Usual Suspects (1995) 5 stars.",
        "The Usual Suspects (1995) and Heat (1995) share the genres Crime, Thriller.",
        "Its mean rating is 3.7 from 3 ratings.",
    ]
