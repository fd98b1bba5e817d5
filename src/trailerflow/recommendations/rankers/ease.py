"""The ranker ``ease``: films that go together with the user's by a linear model of all films on all films."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Floats, Ranker, Side
from trailerflow.recommendations.rankers.histories import FromHistory, close_pairs, recency
from trailerflow.recommendations.rankers.memory import require_memory
from trailerflow.recommendations.rankers.saved_arrays import (
    load_arrays,
    number_or_nan,
    number_or_none,
    save_arrays,
)
from trailerflow.search.choices import Between

BYTES_OF_A_PAIR = 8 + 12
"""Of each pair of films at the peak: the matrix that is inverted, in double precision, and the counts that it is made of."""

_FILE = "ease.npz"


class Ease(Ranker):
    """EASE, of which films were rated. Its query may weigh the user's last films more than the earlier ones.

    Its settings are ``penalty`` (of the regression), ``half_life`` (ratings after which one of the history weighs half) and
    ``positions``. With ``positions`` films go together that stand close in a history, as in a session: a pair counts 1 -
    distance / positions instead of 1, which is EASE on all stretches of so many ratings.

    Single precision is not enough for the inverse of a matrix with a small penalty, which is why this is not LensKit's.
    """

    source = "Steck, Embarrassingly Shallow Autoencoders for Sparse Data, WWW 2019, equation 8"
    packages = ("scipy",)
    defaults = {"penalty": 300.0, "half_life": None, "positions": None}  # noqa: RUF012
    limits = {"penalty": (1e-3, 1e6), "half_life": (0.1, 1e4), "positions": (2.0, 1e4)}  # noqa: RUF012
    space = {"penalty": Between(10.0, 3000.0, log=True), "half_life": Between(1.0, 50.0, log=True)}  # noqa: RUF012

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Weights:
        """Invert the films' counts of common users, which takes films x films of memory and films cubed of time.

        Raises:
            TrailerflowError: There is not enough memory for so many films.
        """
        films = train["movie"].cat
        count = len(films.categories)
        require_memory(
            f"EASE of {count:,} films",
            count * count * BYTES_OF_A_PAIR,
            "rank with als or bpr, whose memory grows with the users and films, or with fewer films",
        )
        from scipy.linalg import lapack

        gram = _pairs(train, self.settings["positions"])
        gram[np.diag_indices(count)] += self.settings["penalty"]
        factor, _ = lapack.dpotrf(gram, overwrite_a=True)
        inverse, _ = lapack.dpotri(
            factor, overwrite_c=True
        )  # in the place of the matrix, its upper triangle alone
        for film in range(count):
            inverse[film + 1 :, film] = inverse[film, film + 1 :]
        inverse /= -np.diag(inverse)
        np.fill_diagonal(inverse, 0.0)
        weights = np.ascontiguousarray(inverse, dtype=np.float32)
        return Weights(films.categories, weights, self.settings["half_life"])

    @classmethod
    def saved(cls) -> type[Weights]:
        """See `Ranker.saved`."""
        return Weights


def _pairs(train: pd.DataFrame, positions: float | None) -> Floats:
    """How often two films were rated by one user; where there are positions, close to each other.

    Returns:
        Shape (films, films), column by column, as LAPACK wants it.
    """
    from scipy.sparse import csr_array

    films, users = train["movie"].cat, train["user"].cat
    if positions is None:
        shape = (len(users.categories), len(films.categories))
        rated = csr_array((np.ones(len(train)), (users.codes, films.codes)), shape=shape)
        return np.asarray((rated.T @ rated).toarray(order="F"))
    pairs = close_pairs(train, int(positions) - 1, lambda distance, _: 1 - distance / positions)
    counts = np.asarray((pairs + pairs.T).toarray(order="F"))
    counts[np.diag_indices(len(counts))] += np.bincount(films.codes, minlength=len(counts))
    return counts


class Weights(FromHistory):
    """How much each rated film says for each other.

    Args:
        films: Ids of all films, by their codes.
        weights: Shape (films, films), from the rated film (row) to the other.
        half_life: Ratings after which one counts half in the query; None for all the same.
    """

    def __init__(self, films: pd.Index, weights: npt.NDArray[np.float32], half_life: float | None) -> None:
        super().__init__(films)
        self._weights = weights
        self._half_life = half_life

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """The sum of the weights from the user's films."""
        query = recency(history.movies.size, self._half_life).astype(np.float32)
        return (query @ self._weights[history.movies])[candidates].astype(float)

    def likeness_to(self, film: int, others: Codes) -> Floats:
        """The weights from the others to the film."""
        return np.asarray(self._weights[others, film], dtype=float)

    def save(self, folder: Path) -> None:
        """Write the weights."""
        half_life = number_or_nan(self._half_life)
        save_arrays(folder / _FILE, self.films, weights=self._weights, half_life=half_life)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the weights.

        Raises:
            TrailerflowError: The file is missing or damaged.
        """
        films, arrays = load_arrays(folder / _FILE)
        return cls(films, arrays["weights"], number_or_none(arrays["half_life"]))
