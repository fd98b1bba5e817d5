"""The ranker ``cooccurrence``: films that others rated shortly before or after the user's last ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Floats, Ranker, Side
from trailerflow.recommendations.rankers.histories import FromHistory, close_pairs, recency
from trailerflow.recommendations.rankers.saved_arrays import (
    load_arrays,
    number_or_nan,
    number_or_none,
    save_arrays,
)
from trailerflow.search.choices import Between

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_FILE = "cooccurrence.npz"


class Cooccurrence(Ranker):
    """How often two films stand close together in a history.

    Its settings are ``positions`` (how far apart they may stand), ``forward`` (whether only the later film counts for the
    earlier one), ``half_life`` (ratings after which one of the query weighs half), ``seconds``, ``damping``, ``rated_power``
    and ``other_power`` (of the user's film and of the one that is scored).
    A count is divided by powers of how often both films were rated: with two square roots it is the cosine. ``damping`` is
    added to how often they were rated, so that a pair of rare films does not come first. With ``seconds`` a pair counts less
    the more time lies between its ratings, and so does a film of the query: exp(-time / seconds).
    """

    source = (
        "Garg et al., Sequence and Time Aware Neighborhood for Session-based Recommendations, SIGIR 2019, whose query "
        "weighs the last films most, too"
    )
    packages = ("scipy",)
    defaults = {  # noqa: RUF012
        "positions": 20,
        "forward": False,
        "half_life": 5.0,
        "seconds": None,
        "damping": 0.0,
        "rated_power": 0.5,
        "other_power": 0.5,
    }
    limits = {  # noqa: RUF012
        "positions": (1, 1000),
        "half_life": (0.1, 1e4),
        "seconds": (1.0, 1e9),
        "damping": (0.0, 1e4),
        "rated_power": (0.0, 1.0),
        "other_power": (0.0, 1.0),
    }
    space = {  # noqa: RUF012
        "positions": Between(2, 60, log=True),
        "half_life": Between(1.0, 30.0, log=True),
        "damping": Between(0.0, 50.0),
        "rated_power": Between(0.0, 1.0),
        "other_power": Between(0.0, 1.0),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Pairs:
        """Count the pairs within ``positions`` of a history: the later film for the earlier one, and the other way round."""
        films = train["movie"].cat
        seconds = self.settings["seconds"]
        counts = close_pairs(train, self.settings["positions"], lambda _, apart: _fading(apart, seconds))
        if not self.settings["forward"]:
            counts = counts + counts.T
        rated = np.bincount(films.codes, minlength=len(films.categories)) + self.settings["damping"]
        rated = np.maximum(rated, 1.0)
        counts = counts.multiply(rated[:, None] ** -self.settings["rated_power"])
        counts = counts.multiply(rated[None, :] ** -self.settings["other_power"])
        return Pairs(
            films.categories,
            counts.tocsr().astype(np.float32),
            self.settings["half_life"],
            seconds,
        )

    @classmethod
    def saved(cls) -> type[Pairs]:
        """See `Ranker.saved`."""
        return Pairs


def _fading(apart: npt.NDArray[np.int64], seconds: float | None) -> Floats:
    """Weights by the seconds that lie between; 1 where time does not count."""
    return np.ones(apart.size) if seconds is None else np.exp(-apart / seconds)


class Pairs(FromHistory):
    """How close each film stands to each other.

    Args:
        films: Ids of all films, by their codes.
        pairs: Shape (films, films), from the rated film (row) to the other.
        half_life: Ratings after which one counts half in the query.
        seconds: Time after which a film of the query counts 1/e; None where time does not count.
    """

    def __init__(self, films: pd.Index, pairs: csr_array, half_life: float, seconds: float | None) -> None:
        super().__init__(films)
        self._pairs = pairs
        self._half_life = half_life
        self._seconds = seconds

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """The sum over the user's films, the last ones first of all."""
        query = recency(history.movies.size, self._half_life)
        if history.times.size:
            query = query * _fading(history.times[-1] - history.times, self._seconds)
        return np.asarray(query @ self._pairs[history.movies], dtype=float)[candidates]

    def likeness_to(self, film: int, others: Codes) -> Floats:
        """How often the film was rated close to the others."""
        return np.asarray(self._pairs[others][:, [film]].toarray()[:, 0], dtype=float)

    def save(self, folder: Path) -> None:
        """Write the pairs."""
        parts = {name: getattr(self._pairs, name) for name in ("data", "indices", "indptr")}
        seconds = number_or_nan(self._seconds)
        save_arrays(folder / _FILE, self.films, half_life=self._half_life, seconds=seconds, **parts)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the pairs.

        Raises:
            TrailerflowError: The file is missing or damaged.
        """
        from scipy.sparse import csr_array

        films, arrays = load_arrays(folder / _FILE)
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        pairs = csr_array(parts, shape=(len(films), len(films)))
        return cls(films, pairs, float(arrays["half_life"]), number_or_none(arrays["seconds"]))
