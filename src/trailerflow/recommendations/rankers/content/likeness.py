"""How alike films are by their content: the covariance of what one user thinks of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from trailerflow.movies.titles import display_title
from trailerflow.recommendations.questions import Codes
from trailerflow.recommendations.rankers.content.films import FilmContent, unit_rows
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.text import plain_words

_YEARS = 8.0
"""Years between two films that make them half alike, about: the width of a Gaussian."""

_TEXT = 2.0
"""How much the texts count beside genres, years and titles, which count 1 each."""


class Likeness:
    """A kernel on films: cosine of genres, a Gaussian of the years, cosine of texts, squared cosine of titles' words.

    The titles tell series: *Alien* and *Alien 3*.

    Args:
        content: The films, by their codes.
        vectors: Of their texts, of unit length, zeros where there is none; shape (films, dimensions).
    """

    def __init__(self, content: FilmContent, vectors: Floats) -> None:
        self._genres = unit_rows(content.genres)
        self._years = content.years / _YEARS
        self._texts = vectors * np.sqrt(_TEXT)
        self._titles = _title_words(content.titles)

    def between(self, ones: Codes, others: Codes) -> Floats:
        """The kernel of films with films, shape (ones, others)."""
        titles = (self._titles[ones] @ self._titles[others].T).toarray()
        apart = self._years[ones][:, None] - self._years[others]
        genres, texts = (rows[ones] @ rows[others].T for rows in (self._genres, self._texts))
        found: Floats = genres + np.exp(-(apart**2) / 2) + texts + titles**2
        return found


def _title_words(titles: list[str]) -> Any:
    """Weighted words of titles as people say them, rows of unit length."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    said = [display_title(title) for title in titles]
    vectorizer = TfidfVectorizer(analyzer=plain_words, sublinear_tf=True)
    return vectorizer.fit_transform([*said, "a title"])[:-1]  # without any title there would be no word
