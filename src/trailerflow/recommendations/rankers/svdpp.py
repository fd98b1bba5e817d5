"""The ranker ``svdpp``: SVD++, factors learnt from the ratings and from which films a user has rated at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import solve_triangular

from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Side
from trailerflow.recommendations.rankers.factors import Factors, Vectors

BLOCK = 128
"""Most ratings whose steps are computed as one system; it changes the time and, but for rounding, no number."""


class SvdPlusPlus(Ranker):
    """Stochastic gradient descent on the squared error, user by user in an order that is drawn for every epoch.

    Its settings are ``factors``, ``rate`` (size of a step) and ``decay`` (what is left of it after an epoch), ``penalty``,
    ``epochs``, ``spread`` (standard deviation of the first factors), ``seed``, and ``averaged``, the number of models with
    other first factors and another order whose mean is told. Rate and spread were chosen on the five ratings before the last
    five of each user of MovieLens-100K.
    """

    source = "Koren, Factorization Meets the Neighborhood, KDD 2008, equation 15"
    packages = ("numpy", "scipy")
    defaults = {  # noqa: RUF012
        "factors": 50,
        "rate": 0.015,
        "decay": 0.95,
        "penalty": 0.08,
        "epochs": 30,
        "spread": 0.05,
        "averaged": 1,
        "seed": 0,
    }
    limits = {  # noqa: RUF012
        "factors": (1, 1000),
        "rate": (1e-6, 1.0),
        "decay": (0.01, 1.0),
        "penalty": (0.0, 10.0),
        "epochs": (1, 1000),
        "spread": (0.0, 10.0),
        "averaged": (1, 100),
        "seed": (0, 2**32 - 1),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Learn the factors, of as many models as are averaged."""
        mean = float(train["rating"].mean()) if len(train) else 0.0
        rated = _by_user(train, mean)
        films = train["movie"].cat.categories
        models = [
            _learnt(rated, len(films), self.settings, np.random.default_rng([self.settings["seed"], number]))
            for number in range(self.settings["averaged"])
        ]
        return LearntFactors(train["user"].cat.categories, films, rated, mean, models, self.settings)


class Rated(NamedTuple):
    """One user's ratings.

    Attributes:
        films: Codes of the films, each once, shape (ratings,).
        above: The ratings less the mean of all, shape (ratings,).
    """

    films: npt.NDArray[np.intp]
    above: Floats


class OfFilms(NamedTuple):
    """What a model knows of n films.

    Attributes:
        biases: Shape (n,).
        vectors: Shape (n, factors).
        implied: What it says of a user to have rated the film, shape (n, factors).
    """

    biases: Floats
    vectors: Floats
    implied: Floats


@dataclass(frozen=True)
class OfUser:
    """What a model knows of one user.

    Attributes:
        bias: How much higher the user rates.
        vector: Shape (factors,), without what the rated films imply.
    """

    bias: float
    vector: Floats


class Model(NamedTuple):
    """One model.

    Attributes:
        users: Of each user, by code.
        films: Of all films, by code.
    """

    users: list[OfUser]
    films: OfFilms


class LearntFactors(Factors):
    """Fitted models, which learn of users who come later with the films as they are.

    Args:
        users: Ids of the users, by their codes.
        films: Ids of the films, by their codes.
        rated: Their ratings.
        mean: Mean of all training ratings.
        models: The models that are averaged.
        settings: Settings of the ranker.
    """

    def __init__(
        self,
        users: pd.Index,
        films: pd.Index,
        rated: Sequence[Rated],
        mean: float,
        models: Sequence[Model],
        settings: Mapping[str, Any],
    ) -> None:
        self._rated, self._mean, self._models, self._settings = rated, mean, models, settings
        biases = np.array([[own.bias for own in model.users] for model in models])
        vectors = [
            np.array(
                [own.vector + _implied(model.films, one) for own, one in zip(model.users, rated, strict=True)]
            )
            for model in models
        ]
        of_films = [model.films for model in models]
        super().__init__(
            users,
            films,
            Vectors(biases.mean(axis=0), np.hstack(vectors) / len(models)),
            Vectors(
                np.mean([each.biases for each in of_films], axis=0),
                np.hstack([each.vectors for each in of_films]),
            ),
        )

    def fold_in(self, ratings: pd.DataFrame) -> Fitted:
        """The same films; users with more ratings are learnt anew from all that they rated."""
        rated, models = list(self._rated), [Model(list(model.users), model.films) for model in self._models]
        for user, more in enumerate(_by_user(ratings, self._mean)):
            if more.films.size:
                rated[user] = Rated(
                    np.concatenate([rated[user].films, more.films]),
                    np.concatenate([rated[user].above, more.above]),
                )
                for model in models:
                    model.users[user] = _newly_learnt(rated[user], model.films, self._settings)
        return LearntFactors(self._users, self.films, rated, self._mean, models, self._settings)


def _by_user(ratings: pd.DataFrame, mean: float) -> list[Rated]:
    """The ratings of each user, by code."""
    users = ratings["user"].cat
    order = np.argsort(users.codes.to_numpy(), kind="stable")
    films = ratings["movie"].cat.codes.to_numpy()[order].astype(np.intp)
    above = ratings["rating"].to_numpy(float)[order] - mean
    ends = np.searchsorted(users.codes.to_numpy()[order], np.arange(1, len(users.categories)))
    return [Rated(*each) for each in zip(np.split(films, ends), np.split(above, ends), strict=True)]


def _learnt(
    rated: Sequence[Rated], films: int, settings: Mapping[str, Any], rng: np.random.Generator
) -> Model:
    """Draw the first factors, and go through all users' ratings again and again; unrated films end as nothing."""
    size, spread = settings["factors"], settings["spread"]
    users = [OfUser(0.0, vector) for vector in rng.normal(0, spread, (len(rated), size))]
    known = OfFilms(np.zeros(films), *rng.normal(0, spread, (2, films, size)))
    for epoch in range(settings["epochs"]):
        rate = settings["rate"] * settings["decay"] ** epoch
        for user in rng.permutation(len(rated)):
            own = rated[user]
            order = rng.permutation(own.films.size)
            own = Rated(own.films[order], own.above[order])
            users[user], changed = visited(
                users[user], _rows(known, own), own.above, rate, settings["penalty"]
            )
            for table, rows in zip(known, changed, strict=True):
                table[own.films] = rows
    seen = np.zeros(films, dtype=bool)
    for own in rated:
        seen[own.films] = True
    known.vectors[~seen] = known.implied[~seen] = 0.0
    return Model(users, known)


def _newly_learnt(rated: Rated, films: OfFilms, settings: Mapping[str, Any]) -> OfUser:
    """What is learnt of one user while nothing is learnt of the films."""
    user = OfUser(0.0, np.zeros(settings["factors"]))
    for epoch in range(settings["epochs"]):
        rate = settings["rate"] * settings["decay"] ** epoch
        user, _ = visited(user, _rows(films, rated), rated.above, rate, settings["penalty"])
    return user


def visited(
    user: OfUser, films: OfFilms, above: Floats, rate: float, penalty: float
) -> tuple[OfUser, OfFilms]:
    """One step of gradient descent for each of a user's ratings, one after the other.

    A step changes the user's bias and vector and the implied vectors of all the user's films by the error times known
    factors, and its own film, which no other step of this user meets. So the errors solve a lower triangular system.

    Args:
        user: What is known of the user.
        films: What is known of the n films that the user rated, in the order of the steps.
        above: The ratings less the mean of all, shape (n,).
        rate: Size of a step.
        penalty: Of the squares of all parameters.

    Returns:
        What is known afterwards.
    """
    root = max(len(above), 1) ** -0.5
    left = 1 - rate * penalty  # of a parameter, after a step without error
    bias, vector, sums = user.bias, user.vector, root * films.implied.sum(axis=0)
    moved = np.zeros_like(vector)  # how far the errors moved the user's vector
    biases, vectors = films.biases.copy(), films.vectors.copy()
    for start in range(0, len(above), BLOCK):
        block = slice(start, start + BLOCK)
        own = films.vectors[block]
        steps = np.arange(len(own))
        shrunk = left**steps
        after = rate * np.tril(left ** np.maximum(steps[:, None] - steps - 1.0, 0), -1)
        both = vector + sums
        known = films.biases[block] + shrunk * (bias + own @ both)
        # An error reaches the later ones by the bias, the user's vector and the sum of the implied vectors.
        reach = after * (1 + 2 * (own @ own.T)) + np.eye(len(own))
        errors = solve_triangular(
            reach, above[block] - known, lower=True, unit_diagonal=True, check_finite=False
        )
        biases[block] = left * films.biases[block] + rate * errors
        met = shrunk[:, None] * both + 2 * after @ (errors[:, None] * own)
        vectors[block] = left * own + rate * errors[:, None] * met
        last, kept = rate * shrunk[::-1] * errors, left ** len(own)
        moved = kept * moved + last @ own
        bias, vector, sums = kept * bias + last.sum(), kept * vector + last @ own, kept * sums + last @ own
    implied = left ** len(above) * films.implied + root * moved
    return OfUser(float(bias), vector), OfFilms(biases, vectors, implied)


def _rows(films: OfFilms, rated: Rated) -> OfFilms:
    return OfFilms(*(table[rated.films] for table in films))


def _implied(films: OfFilms, rated: Rated) -> Floats:
    """What the rated films say of their user, shape (factors,)."""
    implied: Floats = films.implied[rated.films].sum(axis=0) / np.sqrt(max(rated.films.size, 1))
    return implied
