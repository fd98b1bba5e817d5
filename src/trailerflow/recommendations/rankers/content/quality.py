"""How good a film is in the eyes of all, from its content."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trailerflow.recommendations.questions import Codes
from trailerflow.recommendations.rankers.content.films import FilmContent
from trailerflow.recommendations.rankers.contract import Floats

_DAMPING = 5.0
"""Ratings of the mean that are counted with those of a user or film."""

_SHRINKING = 10.0
"""Ratings of a film that count as much as what its content says."""

_ERAS = (1970, 1990)
"""First years of the second and third era, of which each has its own weights of the genres."""

_YEAR_BINS = 14


class Biases(NamedTuple):
    """What ratings say of users and films beside each other.

    Attributes:
        mean: Of all ratings.
        users: How much higher each user rates, shape (users,).
        films: Mean of each film's ratings less the mean and the users' biases, shape (films,); 0 without a rating.
        counts: Ratings of each film, shape (films,).
    """

    mean: float
    users: Floats
    films: Floats
    counts: Floats


def biases(users: Codes, films: Codes, ratings: Floats, shape: tuple[int, int]) -> Biases:
    """Damped biases of users and films, by turns (three rounds).

    Args:
        users: User of each rating.
        films: Film of each rating.
        ratings: The ratings, one or more.
        shape: Number of users and of films.
    """
    mean = float(ratings.mean())
    of_users, by_user = np.zeros(shape[0]), np.bincount(users, minlength=shape[0])
    counts = np.bincount(films, minlength=shape[1]).astype(float)
    for _ in range(3):
        sums = np.bincount(films, ratings - mean - of_users[users], shape[1])
        damped = sums / (counts + _DAMPING)
        of_users = np.bincount(users, ratings - mean - damped[films], shape[0]) / (by_user + _DAMPING)
    sums = np.bincount(films, ratings - mean - of_users[users], shape[1])
    return Biases(mean, of_users, sums / np.maximum(counts, 1.0), counts)


class SaidByContent:
    """How much better than the mean films of some content are: the mean of boosted trees (LightGBM) and a ridge regression.

    Args:
        trees: LightGBM's text of the trees.
        edges: Years that part the bins of `line_features`.
        slopes: Of the ridge regression, shape (features,).
        intercept: Of the ridge regression.
    """

    def __init__(self, trees: str, edges: Floats, slopes: Floats, intercept: float) -> None:
        self.trees = trees
        self.edges = edges
        self.slopes = slopes
        self.intercept = intercept

    def __call__(self, content: FilmContent, vectors: Floats) -> Floats:
        """What is said of n films.

        Args:
            content: The films.
            vectors: Of their texts, shape (n, dimensions).

        Returns:
            Shape (n,).
        """
        import lightgbm

        trees = np.asarray(lightgbm.Booster(model_str=self.trees).predict(tree_features(content)), float)
        lines = line_features(content, vectors, self.edges) @ self.slopes + self.intercept
        found: Floats = (trees + lines) / 2
        return found


def said_by_content(
    content: FilmContent, vectors: Floats, known: Biases, settings: dict[str, float]
) -> SaidByContent:
    """Learn from the rated films what content says of a film.

    Args:
        content: The n films.
        vectors: Of their texts and titles, shape (n, dimensions).
        known: What their ratings say.
        settings: ``trees``, ``ridge`` and ``seed``.
    """
    rated = np.flatnonzero(known.counts)
    values, weights = known.films[rated], known.counts[rated] / (known.counts[rated] + _SHRINKING)
    edges = year_edges(content)
    trees = _trees(tree_features(content)[rated], values, weights, settings)
    lines = line_features(content, vectors, edges)[rated]
    return SaidByContent(trees, edges, *_ridge(lines, values, weights, settings["ridge"]))


def quality(said: Floats, known: Biases) -> Floats:
    """How much better than the mean each film is: what its content says, and its ratings where it has any.

    Args:
        said: By the content, shape (n,).
        known: What the ratings say.

    Returns:
        Shape (n,).
    """
    found: Floats = (known.counts * known.films + _SHRINKING * said) / (known.counts + _SHRINKING)
    return found


def tree_features(content: FilmContent) -> Floats:
    """What trees split by, shape (n, features)."""
    columns = (content.years, content.months, content.first_of_january)
    return np.column_stack([content.genres, *columns, content.title_cues])


def year_edges(content: FilmContent) -> Floats:
    """Years that part films into bins of equally many, about."""
    return np.unique(np.quantile(content.years, np.linspace(0, 1, _YEAR_BINS + 1)[1:-1]))


def line_features(content: FilmContent, vectors: Floats, edges: Floats) -> Floats:
    """What is added up: everything in bins, the genres of each era, and the texts; shape (n, features)."""
    bins = _one_of(np.digitize(content.years, edges), len(edges) + 1)
    eras = _one_of(np.digitize(content.years, _ERAS), len(_ERAS) + 1)
    by_era = (content.genres[:, :, None] * eras[:, None, :]).reshape(len(eras), -1)
    words, brackets, sequel = content.title_cues.T
    flags = np.column_stack([content.first_of_january, brackets, sequel, words > 4])
    return np.hstack([content.genres, by_era, bins, _one_of(content.months, 13), flags, 2 * vectors])


def _one_of(codes: Codes, count: int) -> Floats:
    return np.eye(count)[codes]


def _trees(features: Floats, values: Floats, weights: Floats, settings: dict[str, float]) -> str:
    import lightgbm

    found = lightgbm.train(
        {
            "objective": "regression",
            "num_leaves": 8,
            "learning_rate": 0.03,
            "min_data_in_leaf": 10,
            "seed": settings["seed"],
            "deterministic": True,
            "num_threads": 1,
            "verbose": -1,
        },
        lightgbm.Dataset(features, values, weight=weights),
        num_boost_round=int(settings["trees"]),
    )
    text: str = found.model_to_string()
    return text


def _ridge(features: Floats, values: Floats, weights: Floats, ridge: float) -> tuple[Floats, float]:
    from sklearn.linear_model import Ridge

    found = Ridge(alpha=ridge).fit(features, values, sample_weight=weights)
    return found.coef_, float(found.intercept_)
