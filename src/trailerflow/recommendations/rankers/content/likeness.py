"""How alike films are by their content: the covariance of what one user thinks of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from trailerflow.movies.titles import display_title
from trailerflow.recommendations.questions import Codes
from trailerflow.recommendations.rankers.content.films import FilmContent, unit_rows
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.text import plain_words

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

_YEARS = 8.0
"""Years between two films that make them half alike, about: the width of a Gaussian."""

_TEXT = 2.0
"""How much the texts count beside genres, years and titles, which count 1 each."""


class TitleWords:
    """Words of titles as people say them, weighted by how few titles have them.

    Args:
        words: The words, by their columns.
        weights: Of the words, shape (words,).
    """

    def __init__(self, words: list[str], weights: Floats) -> None:
        self.words = words
        self.weights = weights

    @classmethod
    def of(cls, titles: list[str]) -> Self:
        """The words of some titles."""
        said = [*map(display_title, titles), "a title"]  # without any title there would be no word
        vectorizer = _vectorizer(None).fit(said)
        return cls(list(vectorizer.get_feature_names_out()), vectorizer.idf_)

    def rows(self, titles: list[str]) -> csr_array:
        """A row of unit length for each title, zeros where no word is known; shape (titles, words)."""
        from scipy.sparse import csr_array

        vectorizer = _vectorizer(self.words)
        vectorizer.idf_ = self.weights
        return csr_array(vectorizer.transform([*map(display_title, titles)] or [""]))[: len(titles)]


def _vectorizer(words: list[str] | None) -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=plain_words, sublinear_tf=True, vocabulary=words)


@dataclass(frozen=True)
class Likeness:
    """A kernel on n films: cosine of genres, a Gaussian of the years, cosine of texts, squared cosine of titles' words.

    The titles tell series: *Alien* and *Alien 3*.

    Attributes:
        genres: Rows of unit length, shape (n, 18).
        years: In widths of the Gaussian, shape (n,).
        texts: Their vectors, of unit length times the root of what they count, shape (n, dimensions).
        titles: Rows of `TitleWords`.
    """

    genres: Floats
    years: Floats
    texts: Floats
    titles: csr_array

    @classmethod
    def of(cls, content: FilmContent, vectors: Floats, words: TitleWords) -> Self:
        """The likeness of films.

        Args:
            content: The films, by their codes.
            vectors: Of their texts, of unit length, zeros where there is none; shape (films, dimensions).
            words: Of titles.
        """
        return cls(
            unit_rows(content.genres),
            content.years / _YEARS,
            vectors * np.sqrt(_TEXT),
            words.rows(content.titles),
        )

    def joined(self, more: Likeness) -> Likeness:
        """These films, and others behind them."""
        from scipy.sparse import csr_array, vstack

        return Likeness(
            np.concatenate([self.genres, more.genres]),
            np.concatenate([self.years, more.years]),
            np.concatenate([self.texts, more.texts]),
            csr_array(vstack([self.titles, more.titles])),
        )

    def between(self, ones: Codes, others: Codes) -> Floats:
        """The kernel of films with films, shape (ones, others)."""
        titles = (self.titles[ones] @ self.titles[others].T).toarray()
        apart = self.years[ones][:, None] - self.years[others]
        genres, texts = (rows[ones] @ rows[others].T for rows in (self.genres, self.texts))
        found: Floats = genres + np.exp(-(apart**2) / 2) + texts + titles**2
        return found
