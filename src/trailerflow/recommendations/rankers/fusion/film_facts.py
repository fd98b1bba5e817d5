"""What is known of every film at a time: how often and how well it was rated, its year and its genres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.recommendations.rankers.contract import Floats

_DAMPING = 5.0
"""Ratings of the mean film that each film's mean starts with."""


@dataclass(frozen=True)
class FilmFacts:
    """Facts of all films, by their codes.

    Attributes:
        popularity: Logarithm of one more than the ratings, shape (films,).
        quality: Mean rating, damped, shape (films,).
        year: Year it came out, the median where it is not known, shape (films,).
        genres: 1 for each genre, shape (films, 18).
    """

    popularity: Floats
    quality: Floats
    year: Floats
    genres: Floats

    @classmethod
    def of(cls, train: pd.DataFrame, archive: pd.DataFrame) -> FilmFacts:
        """Facts from the ratings that may be known, and from the archive's table of films.

        Args:
            train: movie (categories), rating.
            archive: movie, year and a column for each genre.
        """
        films = train["movie"].cat
        count = np.bincount(films.codes, minlength=len(films.categories)).astype(float)
        total = np.bincount(films.codes, weights=train["rating"], minlength=len(films.categories))
        overall = float(train["rating"].mean()) if len(train) else 0.0
        table = archive.drop_duplicates("movie").set_index("movie").reindex(films.categories)
        year = pd.to_numeric(table["year"], errors="coerce").to_numpy(float)
        middle = float(np.nanmedian(year)) if np.isfinite(year).any() else 0.0
        return cls(
            popularity=np.log1p(count),
            quality=(total + _DAMPING * overall) / (count + _DAMPING),
            year=np.where(np.isfinite(year), year, middle),
            genres=table[list(GENRES)].astype("boolean").fillna(False).to_numpy(float),
        )
