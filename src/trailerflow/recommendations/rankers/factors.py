"""Users and films as vectors: what models of ratings with factors have in common once they are fitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from trailerflow.recommendations.questions import Codes, Question
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Scores
from trailerflow.recommendations.rankers.saved_arrays import load_arrays, save_arrays

_FILE = "factors.npz"


class Vectors(NamedTuple):
    """Biases and vectors of n users or films.

    Attributes:
        biases: Shape (n,).
        vectors: Shape (n, factors).
    """

    biases: Floats
    vectors: Floats


class Factors(Fitted):
    """A score is the sum of a user's and a film's bias and of the product of their vectors.

    A mean over several models is one model with all their vectors joined.

    Args:
        users: Ids of the users, by their codes.
        films: Ids of the films, by their codes.
        of_users: What was learnt of the users, by their codes.
        of_films: What was learnt of the films, by their codes.
    """

    def __init__(self, users: pd.Index, films: pd.Index, of_users: Vectors, of_films: Vectors) -> None:
        self._users = users
        self.films = films
        self._of_users = of_users
        self._of_films = of_films

    def score(self, questions: Iterable[Question]) -> Iterator[Scores]:
        """The predicted ratings, less a constant; of a user who is not known only the films' biases."""
        for question in questions:
            scores = self._of_films.biases[question.candidates]
            own = self._of_user(question)
            if own is not None:
                bias, vector = own
                scores = scores + bias + self._products(vector, question.candidates)
            yield Scores(question.number, scores)

    def _products(self, vector: Floats, candidates: Codes) -> Floats:
        """Products of a user's vector with those of films; of most films without a copy of their vectors."""
        vectors = self._of_films.vectors
        found: Floats = (
            (vectors @ vector)[candidates]
            if 2 * len(candidates) > len(vectors)
            else vectors[candidates] @ vector
        )
        return found

    def _of_user(self, question: Question) -> tuple[float, Floats] | None:
        """Bias and vector of the user who is asked about; None where nothing is known."""
        place = self._users.get_indexer([question.user])[0]
        return None if place < 0 else (self._of_users.biases[place], self._of_users.vectors[place])

    def save(self, folder: Path) -> None:
        """Write all of it into one file."""
        save_arrays(
            folder / _FILE,
            self.films,
            users=self._users.to_numpy(str),
            user_biases=self._of_users.biases,
            user_vectors=self._of_users.vectors,
            film_biases=self._of_films.biases,
            film_vectors=self._of_films.vectors,
        )

    @classmethod
    def load(cls, folder: Path) -> Factors:
        """Read what `save` wrote."""
        films, found = load_arrays(folder / _FILE)
        return Factors(
            pd.Index(found["users"].astype(object)),
            films,
            Vectors(found["user_biases"], found["user_vectors"]),
            Vectors(found["film_biases"], found["film_vectors"]),
        )
