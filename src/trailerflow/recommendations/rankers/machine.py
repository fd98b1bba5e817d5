"""A factorisation machine once it is fitted, which learns of users who come later."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import Codes, History, Question
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.factors import Factors, Vectors
from trailerflow.recommendations.rankers.histories import NO_HISTORY, cosines, joined, with_ratings
from trailerflow.recommendations.rankers.saved_arrays import load_arrays, save_arrays

_FILE = "machine.npz"


class Prior(NamedTuple):
    """What was drawn of all users in each of s samples.

    Attributes:
        constants: What is added to every rating, shape (s,).
        precisions: Of a rating, shape (s,).
        weight_means: Of the weight of a user, shape (s,).
        weight_precisions: The same.
        vector_means: Of the vector of a user, shape (s, rank).
        vector_precisions: The same.
    """

    constants: Floats
    precisions: Floats
    weight_means: Floats
    weight_precisions: Floats
    vector_means: Floats
    vector_precisions: Floats


@dataclass(frozen=True)
class Newly:
    """What a user is learnt from who comes after the fit.

    Attributes:
        prior: Of all users.
        biases: Of the films in each sample, shape (films, samples).
        fitted: Which users had ratings, shape (users,).
        traits: Which age group, sex and occupation each user has, shape (users, traits).
        weights: Of the traits, shape (samples, traits).
        vectors: Of the traits, shape (samples, traits, rank).
    """

    prior: Prior
    biases: Floats
    fitted: npt.NDArray[np.bool_]
    traits: Floats
    weights: Floats
    vectors: Floats


def untaught(users: pd.Index, films: pd.Index) -> Newly:
    """What is known without any rating: one sample of rank 0 that says nothing."""
    one, none = np.ones(1), np.zeros((1, 0))
    return Newly(
        Prior(np.zeros(1), one, np.zeros(1), one, none, none),
        np.zeros((len(films), 1)),
        np.zeros(len(users), bool),
        np.zeros((len(users), 0)),
        none,
        np.zeros((1, 0, 0)),
    )


class Machine(Factors):
    """The mean over samples of the posterior.

    A user with more ratings than the fit had is learnt in every sample, which keeps films, traits and priors. The mean of
    the user's weight and vector, given these and the ratings, is a ridge regression: the conditional posterior of
    Freudenthaler, Schmidt-Thieme & Rendle, Bayesian Factorization Machines, 2011, of all parameters of a user at once.

    Args:
        users: Ids of the users, by their codes.
        films: Ids of the films, by their codes.
        of_users: What was learnt of the users.
        of_films: What was learnt of the films.
        newly: What a user is learnt from who comes later.
    """

    def __init__(
        self, users: pd.Index, films: pd.Index, of_users: Vectors, of_films: Vectors, newly: Newly
    ) -> None:
        super().__init__(users, films, of_users, of_films)
        self._newly = newly
        self._folded_in: dict[str, History] = {}

    def fold_in(self, ratings: pd.DataFrame) -> Self:
        """The same samples, for users with these ratings besides; films that it does not know are left out."""
        folded = copy(self)
        folded._folded_in = with_ratings(self._folded_in, ratings, self.films)
        return folded

    def _of_user(self, question: Question) -> tuple[float, Floats] | None:
        """As it was sampled; of one who was not fitted, or has more ratings now, as these say."""
        place = int(self._users.get_indexer([question.user])[0])
        more = self._folded_in.get(question.user, NO_HISTORY)
        is_fitted = place >= 0 and bool(self._newly.fitted[place])
        history = joined(question.history, more)
        if (is_fitted and not more.movies.size) or not history.movies.size:
            return super()._of_user(question)
        return self._learnt(place, history)

    def _learnt(self, place: int, history: History) -> tuple[float, Floats]:
        """Bias and vector of a user with this history.

        Args:
            place: Code of the user; -1 for one of whom no trait is known.
            history: The ratings.
        """
        prior, samples = self._newly.prior, len(self._newly.prior.constants)
        trait_biases, trait_vectors = self._of_traits(place)
        films = self._of_films.vectors[history.movies].reshape(len(history.movies), samples, -1)
        films = films.transpose(1, 0, 2) * np.sqrt(samples)  # (samples, ratings, rank)
        said = prior.constants[:, None] + self._newly.biases[history.movies].T + trait_biases[:, None]
        left = history.ratings - said - np.einsum("snr,sr->sn", films, trait_vectors)
        met = np.concatenate([np.ones((*left.shape, 1)), films + trait_vectors[:, None, :]], axis=2)
        means = np.column_stack([prior.weight_means, prior.vector_means])
        precisions = np.column_stack([prior.weight_precisions, prior.vector_precisions])
        turned = prior.precisions[:, None, None] * met.transpose(0, 2, 1)
        matrices = turned @ met
        matrices[:, *np.diag_indices(means.shape[1])] += precisions
        sums = (turned @ left[:, :, None])[:, :, 0] + precisions * means
        learnt = np.linalg.solve(matrices, sums[:, :, None])[:, :, 0]
        weights, vectors = learnt[:, 0], learnt[:, 1:]
        biases = trait_biases + weights + (vectors * trait_vectors).sum(axis=1)
        return float(biases.mean()), (vectors + trait_vectors).ravel() / np.sqrt(samples)

    def _of_traits(self, place: int) -> tuple[Floats, Floats]:
        """What the traits of a user add up to: biases (samples,) and vectors (samples, rank)."""
        newly = self._newly
        own = newly.traits[place] if place >= 0 else np.zeros(newly.traits.shape[1])
        sums = np.einsum("t,str->sr", own, newly.vectors)
        squares = np.einsum("t,str->sr", own**2, newly.vectors**2)
        return newly.weights @ own + (sums**2 - squares).sum(axis=1) / 2, sums

    def likeness_to(self, film: int, others: Codes) -> Floats:
        """The cosines of the vectors."""
        return cosines(self._of_films.vectors, film, others)

    def save(self, folder: Path) -> None:
        """Write the samples, and what a later user is learnt from."""
        super().save(folder)
        newly = vars(self._newly) | {"prior": None}
        arrays = {name: array for name, array in newly.items() if array is not None}
        save_arrays(folder / _FILE, self.films, **arrays, **self._newly.prior._asdict())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            TrailerflowError: A file is missing or damaged.
        """
        known = Factors.load(folder)
        _, arrays = load_arrays(folder / _FILE)
        prior = Prior(*(arrays.pop(name) for name in Prior._fields))
        return cls(known._users, known.films, known._of_users, known._of_films, Newly(prior, **arrays))
