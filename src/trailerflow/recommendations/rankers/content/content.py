"""The ranker ``content``: how good a film is by its content, and how a user likes films of its kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.content.films import film_content, text_vectors
from trailerflow.recommendations.rankers.content.likeness import Likeness
from trailerflow.recommendations.rankers.content.quality import biases, quality
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Side
from trailerflow.recommendations.rankers.histories import FromHistory

_DAMPING = 5.0
"""Ratings of the mean that are counted with those of a user."""


class Content(Ranker):
    """A film's quality, predicted for all users, and a Gaussian process of each user's deviations from it.

    Its settings are ``use_text`` (read the films' texts; titles are read anyway), ``trees``, ``ridge``, ``noise`` (variance
    of a rating beside that of a user's taste) and ``seed``.
    """

    source = (
        "Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006, equation 2.25; "
        "Ke et al., LightGBM, NIPS 2017"
    )
    side = ("archive", "vectors", "title_vectors")
    packages = ("lightgbm", "scikit-learn", "scipy")
    defaults = {"use_text": True, "trees": 200, "ridge": 20.0, "noise": 10.0, "seed": 0}  # noqa: RUF012
    limits = {  # noqa: RUF012
        "trees": (1, 10_000),
        "ridge": (1e-3, 1e6),
        "noise": (1e-2, 1e6),
        "seed": (0, 2**31 - 1),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Predict the quality of every film."""
        films = train["movie"].cat.categories
        content = film_content(side["archive"], films)
        texts = side["vectors"] if self.settings["use_text"] else side["vectors"].head(0)
        vectors, titles = (text_vectors(table, films) for table in (texts, side["title_vectors"]))
        likeness = Likeness(content, vectors)
        if train.empty:
            return Tastes(films, np.zeros(len(films)), likeness, 0.0, self.settings["noise"])
        users, codes = (train[column].cat.codes.to_numpy() for column in ("user", "movie"))
        shape = (len(train["user"].cat.categories), len(films))
        known = biases(users, codes, train["rating"].to_numpy(float), shape)
        return Tastes(
            films,
            quality(content, np.hstack([vectors, titles]), known, self.settings),
            likeness,
            known.mean,
            self.settings["noise"],
        )


class Tastes(FromHistory):
    """Films with their quality, and how alike they are.

    Args:
        films: Ids of all films, by their codes.
        quality: How much better than the mean each film is, shape (films,).
        likeness: Of films.
        mean: Of all ratings.
        noise: Variance of a rating, where that of a user's taste is the kernel's.
    """

    def __init__(
        self, films: pd.Index, quality: Floats, likeness: Likeness, mean: float, noise: float
    ) -> None:
        super().__init__(films)
        self._quality = quality
        self._likeness = likeness
        self._mean = mean
        self._noise = noise

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """The quality of films, and what the user's ratings of like films say beside it."""
        rated = history.movies
        above = history.ratings - self._mean - self._quality[rated]
        above -= above.sum() / (len(above) + _DAMPING)
        among = self._likeness.between(rated, rated) + self._noise * np.eye(len(rated))
        taste: Floats = self._likeness.between(candidates, rated) @ np.linalg.solve(among, above)
        return self._quality[candidates] + taste
