"""What is known of every film at a time: how often and how well it was rated, its year and its genres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trailerflow.recommendations.rankers.content.films import film_content
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.means import mean_ratings

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
            archive: movie, title, year and a column for each genre.
        """
        films = train["movie"].cat
        content = film_content(archive, films.categories)
        return cls(
            popularity=np.log1p(np.bincount(films.codes, minlength=len(films.categories))),
            quality=mean_ratings(train, damping=_DAMPING),
            year=content.years,
            genres=content.genres,
        )
