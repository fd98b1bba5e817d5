"""The ranker ``content``: how good a film is by its content, and how a user likes films of its kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trailerflow.recommendations.rankers.content.films import film_content, text_centre, text_vectors
from trailerflow.recommendations.rankers.content.likeness import Likeness, TitleWords
from trailerflow.recommendations.rankers.content.quality import biases, quality, said_by_content
from trailerflow.recommendations.rankers.content.tastes import Centres, Newcomers, Tastes
from trailerflow.recommendations.rankers.contract import Ranker, Side


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

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Tastes:
        """Predict the quality of every film."""
        films = train["movie"].cat.categories
        content = film_content(side["archive"], films)
        texts = side["vectors"] if self.settings["use_text"] else side["vectors"].head(0)
        tables = (texts, side["title_vectors"])
        centres = Centres(*(text_centre(table, films) for table in tables))
        vectors, titles = (
            text_vectors(table, films, centre) for table, centre in zip(tables, centres, strict=True)
        )
        words = TitleWords.of(content.titles)
        likeness = Likeness.of(content, vectors, words)
        noise, usual_year = self.settings["noise"], float(np.median(content.years)) if len(films) else 0.0
        if train.empty:
            newcomers = Newcomers(None, words, centres, usual_year)
            return Tastes(films, np.zeros(len(films)), likeness, 0.0, noise, newcomers)
        users, codes = (train[column].cat.codes.to_numpy() for column in ("user", "movie"))
        shape = (len(train["user"].cat.categories), len(films))
        known = biases(users, codes, train["rating"].to_numpy(float), shape)
        told = np.hstack([vectors, titles])
        says = said_by_content(content, told, known, self.settings)
        found = quality(says(content, told), known)
        return Tastes(films, found, likeness, known.mean, noise, Newcomers(says, words, centres, usual_year))

    @classmethod
    def saved(cls) -> type[Tastes]:
        """See `Ranker.saved`."""
        return Tastes
