"""The ranker ``random``: films in an order by chance, another one for every user."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Scores, Side

_KEY_BYTES = 8
"""As hexadecimal digits these are the 16 bytes of a key of pandas' hash."""


class Random(Ranker):
    """A score that hangs on the seed, the user's id and the film's id alone. The expectation of it is the row of chance."""

    source = (
        "the usual lower bound; see Ferrari Dacrema et al., Are We Really Making Much Progress?, RecSys 2019"
    )
    defaults = {"seed": 0}  # noqa: RUF012
    limits = {"seed": (0, 2**32 - 1)}  # noqa: RUF012

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Nothing is learnt."""
        return ByChance(train["movie"].cat.categories, self.settings["seed"])


class ByChance(Fitted):
    """Scores by hashes.

    Args:
        films: Ids of all films, by their codes.
        seed: Seed of the order.
    """

    def __init__(self, films: pd.Index, seed: int) -> None:
        self._films = np.array(films, dtype=object)
        self._seed = seed

    def score(self, questions: Questions) -> Iterator[Scores]:
        """A score from 0 to 1 for each film."""
        for question in questions:
            named = f"{self._seed} {question.user}".encode()
            key = hashlib.blake2b(named, digest_size=_KEY_BYTES).hexdigest()
            hashes = pd.util.hash_array(self._films[question.candidates], hash_key=key, categorize=False)
            yield Scores(question.number, hashes / 2.0**64)
