"""Claims: what is said holds in the data, and a claim that changed data make false is never shown."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trailerflow.recommendations.recommending.claims import (
    FromYear,
    LikedTogether,
    MeanRating,
    Nearest,
    SharedGenres,
    YouGave,
    held,
)
from trailerflow.recommendations.recommending.explaining import explanation
from trailerflow.recommendations.recommending.facts import Audience, Facts
from trailerflow.recommendations.recommending.films import Films
from trailerflow.recommendations.splits.coding import coded
from unit.recommendations.frames import ratings_of
from unit.recommendations.recommending.shop import ARCHIVE, RATINGS

OWN = {"1": 5.0, "3": 4.0, "5": 2.0}


def facts_of(archive: pd.DataFrame = ARCHIVE, ratings: pd.DataFrame = RATINGS, **own: float) -> Facts:
    """Likeness is that of ids: the nearer the numbers, the more alike."""
    return Facts(
        Films(archive),
        Audience(coded(ratings, archive)),
        own or OWN,
        lambda movie, others: [1 / (1 + abs(int(movie) - int(other))) for other in others],
    )


FACTS = facts_of()
TRUE = [
    (YouGave("1", 5.0), "You gave Alien (1979) 5 stars."),
    (YouGave("5", 2.0), "You gave Sabrina (1954) 2 stars."),
    (Nearest("2", "1"), "Of the films that you liked, Alien (1979) is the nearest in the eyes of the ranker."),
    (SharedGenres("4", "3", ("Crime", "Thriller")), "The Usual Suspects (1995) and Heat (1995) share the genres Crime, Thriller."),
    (SharedGenres("2", "1", ("Sci-Fi",)), "Alien (1979) and Aliens (1986) share the genre Sci-Fi."),
    (LikedTogether("2", "1", 2, 3), "2 of the 3 who gave Alien (1979) 4 stars or more gave Aliens (1986) as much."),
    (FromYear("4", 1995), "Heat is from 1995."),
    (MeanRating("4", 3.7, 3), "Its mean rating is 3.7 from 3 ratings."),
    (MeanRating("5", 5.0, 1), "Its mean rating is 5.0 from 1 rating."),
]  # fmt: skip
FALSE = [
    YouGave("1", 4.0), YouGave("2", 5.0), Nearest("2", "3"), Nearest("2", "5"), Nearest("4", "4"),
    SharedGenres("4", "1", ("Crime",)), SharedGenres("4", "3", ()), SharedGenres("4", "3", ("Crime", "War")),
    SharedGenres("4", "99", ("Crime",)), LikedTogether("2", "1", 3, 3), LikedTogether("2", "1", 2, 4),
    LikedTogether("2", "99", 0, 0), FromYear("4", 1996), FromYear("99", 1995), MeanRating("4", 3.8, 3),
    MeanRating("4", 3.7, 4), MeanRating("6", float("nan"), 0),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "sentence"), TRUE)
def test_a_claim_that_the_data_hold_is_said_in_words(claim, sentence: str) -> None:
    assert claim.holds(FACTS)
    assert claim.sentence(FACTS.films) == sentence


def test_claims_that_the_data_do_not_hold_are_not_shown() -> None:
    true = [claim for claim, _ in TRUE]
    assert held([*FALSE, *true, *true], FACTS) == true


def test_a_second_id_of_a_film_counts_as_the_first() -> None:
    assert FACTS.audience.mean_of("2") == (4.0, 3)
    assert FACTS.audience.mean_of("7")[1] == 0
    assert FACTS.films["7"].id == "2"


def test_without_likeness_films_are_near_by_their_genres() -> None:
    facts = replace(FACTS, likeness=lambda movie, others: [0.0] * len(others))
    assert facts.nearest_liked("4", 2) == ["3"]
    assert not any(isinstance(claim, Nearest) for claim in explanation("4", facts))


STARS = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])
RATED = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("123456"), STARS), max_size=30)
OWN_RATED = st.dictionaries(st.sampled_from("123456"), STARS, min_size=1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RATED, RATED, OWN_RATED, OWN_RATED, st.permutations(list(range(6))))
def test_after_the_data_change_no_false_claim_is_left(before, after, own, own_after, places) -> None:
    tables = [ratings_of([(*row, time) for time, row in enumerate(rated)]) for rated in (before, after)]
    claims = [
        claim
        for movie in "123456"
        if movie not in own
        for claim in explanation(movie, facts_of(ratings=tables[0], **own))
    ]
    archive = ARCHIVE.copy()  # the films' genres and years change hands
    archive.loc[:5, archive.columns[2:-1]] = ARCHIVE.loc[places, ARCHIVE.columns[2:-1]].to_numpy()
    facts = facts_of(archive, tables[1], **own_after)
    newest = tables[1].drop_duplicates(["user", "movie"], keep="last")
    for claim in held(claims, facts):
        assert _is_true(claim, archive.set_index("movie"), newest, own_after), claim


def _is_true(claim, archive: pd.DataFrame, ratings: pd.DataFrame, own: dict[str, float]) -> bool:
    """The same by plain rules on the tables."""
    if isinstance(claim, YouGave):
        return own.get(claim.movie) == claim.stars
    if isinstance(claim, SharedGenres):
        return all(
            archive.loc[movie, genre] for movie in (claim.movie, claim.liked) for genre in claim.genres
        )
    stars = ratings.pivot(index="user", columns="movie", values="rating")
    if isinstance(claim, LikedTogether):
        fans = {
            movie: set(stars.index[stars.get(movie, pd.Series(0.0, stars.index)) >= 4])
            for movie in (claim.movie, claim.liked)
        }
        return (claim.both, claim.of) == (len(fans[claim.movie] & fans[claim.liked]), len(fans[claim.liked]))
    if isinstance(claim, MeanRating):
        given_stars = stars[claim.movie].dropna()
        return len(given_stars) == claim.ratings and abs(given_stars.mean() - claim.mean) <= 0.0501
    assert isinstance(claim, Nearest)
    liked = [movie for movie, rating in own.items() if rating >= 4]
    distance = {movie: abs(int(movie) - int(claim.movie)) for movie in liked if movie != claim.movie}
    return claim.liked in distance and distance[claim.liked] == min(distance.values())
