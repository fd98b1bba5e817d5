"""Precision, recall and F1 of decisions; they may be expected ones, such as those of chance."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from trailerflow.genres.films import Flags, Floats
from trailerflow.genres.metrics.contract import (
    DECISIONS,
    MACRO,
    MICRO,
    SAMPLE,
    Metric,
    Said,
    Weights,
    mean_of_films,
    of_genres,
)


class _OfDecisions(Metric):
    """A ratio of counts, 0 where it would be 0/0, as in scikit-learn."""

    reads = DECISIONS

    @staticmethod
    @abstractmethod
    def parts(hits: Floats, positives: Floats, named: Floats) -> tuple[Floats, Floats]:
        """What stands above and below the line.

        Args:
            hits: Genres that were named and are right.
            positives: Genres that the films have.
            named: Genres that were named.
        """

    def figures(self, said: Said, weights: Weights) -> dict[str, Floats]:
        """Micro over all decisions, macro over the genres with enough positives, the mean over films, and each genre."""
        counts = [said.truth * said.values, said.truth.astype(float), said.values]
        of_genre = self._ratio(*(weights @ each for each in counts))
        enough = said.enough
        return {
            MICRO: self._ratio(*(weights @ each.sum(axis=1) for each in counts)),
            MACRO: of_genre[:, enough].mean(axis=1) if enough.any() else np.full(len(weights), np.nan),
            SAMPLE: mean_of_films(self._ratio(*(each.sum(axis=1) for each in counts)), weights),
            **of_genres(of_genre, enough),
        }

    def _ratio(self, hits: Floats, positives: Floats, named: Floats) -> Floats:
        above, below = self.parts(hits, positives, named)
        return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


class Precision(_OfDecisions):
    """Share of the named genres that are right."""

    name = "precision"
    bounded = False

    @staticmethod
    def parts(hits: Floats, positives: Floats, named: Floats) -> tuple[Floats, Floats]:
        """Hits over named."""
        return hits, named


class Recall(_OfDecisions):
    """Share of the films' genres that are named."""

    name = "recall"
    bounded = False

    @staticmethod
    def parts(hits: Floats, positives: Floats, named: Floats) -> tuple[Floats, Floats]:
        """Hits over positives."""
        return hits, positives


class F1(_OfDecisions):
    """The harmonic mean of precision and recall."""

    name = "f1"

    @staticmethod
    def parts(hits: Floats, positives: Floats, named: Floats) -> tuple[Floats, Floats]:
        """Twice the hits over positives and named."""
        return 2 * hits, positives + named


def f1_of_films(truth: Flags, decided: Flags) -> Floats:
    """The F1 of each film, shape (n,); both tables have the shape (n, 18)."""
    hits, positives, named = ((each.sum(axis=1)) for each in (truth & decided, truth, decided))
    f1: Floats = 2 * hits / (positives + named)
    return f1
