"""What a fusion learns from: other rankers' scores, and how a film stands to the user's last ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np

from trailerflow.recommendations.questions import Question
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.fusion.film_facts import FilmFacts
from trailerflow.recommendations.rankers.fusion.read_scores import centred, places, standardised
from trailerflow.recommendations.rankers.histories import recency

LAST = (1.0, 3.0, 10.0)
"""Half-lives, in ratings, of the weights of a user's last films."""

_PAGE = 10
"""Ratings whose pace is told."""


def score_features(question: Question, scores: Floats, facts: FilmFacts) -> Floats:
    """Each ranker's scores, standardised within the question, and their places."""
    return np.hstack([standardised(scores), places(scores)])


def centred_features(question: Question, scores: Floats, facts: FilmFacts) -> Floats:
    """Each ranker's scores less their mean in the question, in their own units; 0 where there is none."""
    return centred(scores)


def film_features(question: Question, scores: Floats, facts: FilmFacts) -> Floats:
    """Popularity, quality and age of each film."""
    films = question.candidates
    asked = datetime.fromtimestamp(question.time, UTC).year
    return np.column_stack([facts.popularity[films], facts.quality[films], asked - facts.year[films]])


def likeness_features(question: Question, scores: Floats, facts: FilmFacts) -> Floats:
    """How popularity, quality, year and genres of each film differ from those of the user's last films.

    People rate page by page, and the films of a page are alike.
    """
    films, rated = question.candidates, question.history.movies
    columns = []
    for half_life in LAST:
        weights = recency(rated.size, half_life)
        weights = weights / weights.sum() if rated.size else weights
        for fact in (facts.popularity, facts.quality, facts.year):
            away = fact[films] - (weights @ fact[rated] if rated.size else fact.mean())
            columns += [away, np.abs(away)]
        taste = weights @ facts.genres[rated] if rated.size else np.zeros(facts.genres.shape[1])
        own = facts.genres[films]
        columns += [(own @ taste) / np.maximum(own.sum(axis=1), 1), (own * taste).max(axis=1, initial=0.0)]
    return np.column_stack(columns)


def user_features(question: Question, scores: Floats, facts: FilmFacts) -> Floats:
    """How many films the user rated, how fast the last of them, how many at once, and how well."""
    times, ratings = question.history.times, question.history.ratings
    if not times.size:
        return np.zeros((question.candidates.size, 4))
    pace = np.log1p(float(times[-1] - times[-_PAGE:][0]))
    told = [
        np.log(times.size),
        pace,
        np.log1p(float((times == times[-1]).sum())),
        float(ratings[-_PAGE:].mean()),
    ]
    return np.tile(told, (question.candidates.size, 1))


FEATURES: dict[str, Callable[[Question, Floats, FilmFacts], Floats]] = {
    "scores": score_features,
    "centred": centred_features,
    "films": film_features,
    "likeness": likeness_features,
    "user": user_features,
}
"""Groups of features by name. Each takes a question, the scores of its films by the rankers that are read (shape
(candidates, rankers)) and the facts of all films, and gives shape (candidates, features)."""


def features(question: Question, scores: Floats, facts: FilmFacts, groups: Sequence[str]) -> Floats:
    """The features of a question's films, shape (candidates, features)."""
    return np.hstack([FEATURES[group](question, scores, facts) for group in groups])
