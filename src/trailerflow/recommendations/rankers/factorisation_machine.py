"""The ranker ``factorisation_machine``: a Bayesian factorisation machine over users, films and what is known of both."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix, hstack

from trailerflow.genre_names import GENRES
from trailerflow.recommendations.questions import Codes
from trailerflow.recommendations.rankers.contract import Floats, Ranker, Side
from trailerflow.recommendations.rankers.factors import Vectors
from trailerflow.recommendations.rankers.machine import Machine, Newly, Prior, untaught
from trailerflow.recommendations.rankers.own_rows import own_rows

AGE_GROUPS = (18, 25, 35, 45, 50, 56)
"""The first ages of the groups of MovieLens-1M after the youngest."""


Data = tuple[Codes, csr_matrix, Codes, csr_matrix, Floats]
"""Of each rating the row of its user, the features of users, the row of its film, the features of films, the rating."""


class FactorisationMachine(Ranker):
    """Ratings from pairs of features, with every sample of the posterior counted (Gibbs sampling, the package myfm).

    Its features of a user are the user, the age group, the sex and the occupation; of a film the film, its genres and its
    year of release. A user or film without a training rating is known by the other features alone, but a user whose ratings
    are told with the question is learnt then (`Machine`).

    Its settings are ``rank`` (factors of a feature), ``iterations`` (sweeps of the sampler), ``left_out`` (sweeps at the
    beginning that do not count), ``spread`` (standard deviation of the first factors), ``seed``, and ``averaged``, the
    number of chains whose mean is told.
    """

    source = (
        "Rendle, Factorization Machines with libFM, TIST 2012; "
        "Rendle, Zhang & Koren, On the Difficulty of Evaluating Baselines, 2019"
    )
    side = ("archive", "people")
    packages = ("myfm", "numpy", "scipy")
    defaults = {  # noqa: RUF012
        "rank": 16,
        "iterations": 200,
        "left_out": 30,
        "spread": 0.1,
        "averaged": 1,
        "seed": 0,
    }
    limits = {  # noqa: RUF012
        "rank": (1, 512),
        "iterations": (2, 10_000),
        "left_out": (0, 9_999),
        "spread": (0.0, 10.0),
        "averaged": (1, 100),
        "seed": (0, 2**30),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Machine:
        """Sample the posterior."""
        user_codes, film_codes = (train[column].cat.codes.to_numpy() for column in ("user", "movie"))
        ids = train["user"].cat.categories
        fitted = np.bincount(user_codes, minlength=len(ids)) > 0
        users = user_features(ids, side["people"], fitted)
        films = train["movie"].cat.categories
        of_films = film_features(films, side["archive"], np.bincount(film_codes, minlength=len(films)) > 0)
        if train.empty:
            return Machine(ids, films, _nothing(len(ids)), _nothing(len(films)), untaught(ids, films))
        data = (user_codes, users.table, film_codes, of_films.table, train["rating"].to_numpy(float))
        groups = [*users.counts, *of_films.counts]
        chains = [self._samples(data, groups, number) for number in range(self.settings["averaged"])]
        weights, vectors, *prior = (np.concatenate(each) for each in zip(*chains, strict=True))
        border, who = sum(users.counts), users.counts[0]
        biases, film_vectors = _summed(of_films, weights[:, border:], vectors[:, border:])
        own_biases, own_vectors = _summed(users, weights[:, :border], vectors[:, :border])
        return Machine(
            ids,
            films,
            Vectors(own_biases.mean(axis=1), own_vectors),
            Vectors(biases.mean(axis=1), film_vectors),
            Newly(
                Prior(*prior),
                biases,
                fitted,
                users.table[:, who:].toarray(),
                weights[:, who:border],
                vectors[:, who:border],
            ),
        )

    def _samples(self, data: Data, groups: Sequence[int], number: int) -> tuple[Floats, ...]:
        """The samples of one chain: weights (samples, features), vectors (samples, features, rank), and `Prior`'s arrays."""
        user_codes, users, film_codes, films, ratings = data
        sweeps = self.settings["iterations"]
        kept = max(1, sweeps - self.settings["left_out"])
        with contextlib.redirect_stderr(io.StringIO()):  # a warning of its import, and a progress bar
            import myfm

            machine = myfm.MyFMRegressor(
                rank=self.settings["rank"],
                init_stdev=self.settings["spread"],
                random_seed=self.settings["seed"] + number,
            )
            machine.fit(
                None,
                ratings,
                X_rel=[myfm.RelationBlock(user_codes, users), myfm.RelationBlock(film_codes, films)],
                n_iter=sweeps,
                n_kept_samples=kept,
                group_shapes=groups,
            )
        drawn = machine.history_.hypers[-kept:]
        return (
            machine.w_samples,
            machine.V_samples,
            machine.w0_samples,
            np.array([each.alpha for each in drawn]),
            *(
                np.array([getattr(each, name)[0] for each in drawn])  # the first group: who the user is
                for name in ("mu_w", "lambda_w", "mu_V", "lambda_V")
            ),
        )

    @classmethod
    def saved(cls) -> type[Machine]:
        """See `Ranker.saved`."""
        return Machine


class Features:
    """Features of n users or films, in groups that share a prior.

    Args:
        groups: Tables of n rows, a feature a column; one without columns is left out.

    Attributes:
        table: All groups side by side.
        counts: Features of each group.
    """

    def __init__(self, groups: Sequence[csr_matrix]) -> None:
        kept = [group for group in groups if group.shape[1]]
        self.table = csr_matrix(hstack(kept)) if kept else csr_matrix((groups[0].shape[0], 0))
        self.counts = [group.shape[1] for group in kept]


def user_features(users: pd.Index, people: pd.DataFrame, rated: npt.NDArray[np.bool_]) -> Features:
    """The features of users: who it is, where there are ratings; age group, sex and occupation, where they are known.

    Args:
        users: Their ids.
        people: user, age, sex and occupation of some of them.
        rated: Whether each has ratings, shape (users,).
    """
    rows = own_rows(people, "user", users)
    ages = rows["age"].to_numpy(float, na_value=np.nan)
    age_groups = pd.Series(np.digitize(ages, AGE_GROUPS)).where(np.isfinite(ages))
    return Features([_who(rated), *map(_one_each, (age_groups, rows["sex"], rows["occupation"]))])


def film_features(films: pd.Index, archive: pd.DataFrame, rated: npt.NDArray[np.bool_]) -> Features:
    """The features of films: which it is, where there are ratings; genres, which share a weight of 1; year of release.

    Args:
        films: Their ids.
        archive: movie, year and the genres.
        rated: Whether each has ratings, shape (films,).
    """
    rows = own_rows(archive, "movie", films)
    genres = (rows[list(GENRES)] == True).to_numpy(float)  # noqa: E712 - null where a film is not in the archive
    genres /= np.maximum(genres.sum(axis=1, keepdims=True), 1)
    return Features([_who(rated), csr_matrix(genres), _one_each(rows["year"])])


def _who(rated: npt.NDArray[np.bool_]) -> csr_matrix:
    """One feature for each row that has ratings."""
    places = np.flatnonzero(rated)
    shape = (rated.size, places.size)
    return csr_matrix((np.ones(places.size), (places, np.arange(places.size))), shape=shape)


def _one_each(values: pd.Series) -> csr_matrix:
    """One feature for each value; a row where it is not known has none."""
    codes, found = pd.factorize(values, sort=True)
    known = np.flatnonzero(codes >= 0)
    return csr_matrix((np.ones(known.size), (known, codes[known])), shape=(len(values), len(found)))


def _summed(features: Features, weights: Floats, vectors: Floats) -> tuple[Floats, Floats]:
    """What the features of each user or film add up to, all samples joined.

    The products of a row's own features among each other are part of its bias.

    Args:
        features: Features of n rows.
        weights: Shape (samples, features).
        vectors: Shape (samples, features, rank).

    Returns:
        Biases of shape (n, samples), and vectors of shape (n, samples * rank) for which the product of a user's and a
        film's is the mean over the samples.
    """
    table, samples = features.table, len(weights)
    biases = table @ weights.T
    joined = []
    for number, each in enumerate(vectors):
        sums = table @ each
        biases[:, number] += ((sums**2) - table.power(2) @ each**2).sum(axis=1) / 2
        joined.append(sums)
    return biases, np.hstack(joined) / np.sqrt(samples)


def _nothing(rows: int) -> Vectors:
    return Vectors(np.zeros(rows), np.zeros((rows, 0)))
