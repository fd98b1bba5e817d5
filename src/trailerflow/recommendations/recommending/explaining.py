"""Why a film is recommended: the nearest films that the user liked, and what the data say of them."""

from __future__ import annotations

from trailerflow.recommendations.recommending.claims import (
    Claim,
    LikedTogether,
    MeanRating,
    Nearest,
    SharedGenres,
    YouGave,
    held,
)
from trailerflow.recommendations.recommending.facts import Facts

NEAREST = 2
"""How many films that the user liked are named."""

LEAST_TOGETHER = 5
"""Fewest people who liked both films, for a count of them to tell something."""


def explanation(movie: str, facts: Facts) -> list[Claim]:
    """The claims about a recommended film, all of which hold."""
    claims: list[Claim] = []
    for place, liked in enumerate(facts.nearest_liked(movie, NEAREST)):
        if place == 0:
            claims.append(Nearest(movie, liked))
        claims.append(YouGave(liked, facts.own[liked]))
        claims.append(_shared_genres(movie, liked, facts))
        both, of = facts.audience.liked_together(liked, movie)
        if both >= LEAST_TOGETHER:
            claims.append(LikedTogether(movie, liked, both, of))
    mean, ratings = facts.audience.mean_of(movie)
    if ratings:
        claims.append(MeanRating(movie, round(mean, 1), ratings))
    return held(claims, facts)


def _shared_genres(movie: str, liked: str, facts: Facts) -> SharedGenres:
    genres = facts.films[movie].genres & facts.films[liked].genres
    return SharedGenres(movie, liked, tuple(sorted(genres)))
