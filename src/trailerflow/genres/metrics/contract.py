"""The contract of every metric of predicted genres: one figure for each draw of films, averaged in ways that have names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from trailerflow.genre_names import GENRES
from trailerflow.genres.films import Flags, Floats

MICRO, MACRO, SAMPLE = "micro", "macro", "sample"
"""Ways to average: all decisions pooled, the mean over genres, the mean over films."""

AVERAGES = (MICRO, MACRO, SAMPLE)

FEWEST_POSITIVES = 5
"""Positives that a genre needs for a score of its own."""

Reads = Literal["decisions", "scores", "probabilities"]

DECISIONS: Reads = "decisions"
SCORES: Reads = "scores"
PROBABILITIES: Reads = "probabilities"

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Said:
    """What was said of n movies, and what is true.

    Attributes:
        truth: Which genres they have, shape (n, 18).
        values: What the metric reads of a prediction, shape (n, 18): decisions, 0 or 1 or the probability with which a
            genre is named whatever the film; scores; or probabilities.
        folds: Fold of each, shape (n,); a system that learns predicts each fold by a fit of its own.
    """

    truth: Flags
    values: Floats
    folds: npt.NDArray[np.int_]

    @property
    def enough(self) -> Flags:
        """Which genres have the positives that a score of their own needs, shape (18,)."""
        enough: Flags = self.truth.sum(axis=0) >= FEWEST_POSITIVES
        return enough


class Metric(ABC):
    """One figure of how good predictions are.

    Attributes:
        name: Its column in the table of scores.
        reads: What of a prediction it is computed from; where a system gives none of it, the metric has no figure.
        bounded: Whether it is given with its interval over films, in the columns ``<name>_low`` and ``<name>_high``.
    """

    name: ClassVar[str]
    reads: ClassVar[Reads]
    bounded: ClassVar[bool] = True

    @abstractmethod
    def figures(self, said: Said, weights: Weights) -> dict[str, Floats]:
        """The figure of each draw of films, by the name of an average or a genre.

        Args:
            said: What was said of n movies.
            weights: How often each movie is in each draw, shape (draws, n).

        Returns:
            Each of shape (draws,); NaN where it is not defined. An average that the metric does not have is left out.
        """


def of_genres(figures: Floats, shown: Flags) -> dict[str, Floats]:
    """Figures of single genres by their names, NaN for those that are not shown.

    Args:
        figures: Shape (draws, 18).
        shown: Shape (18,).
    """
    return {genre: np.where(shown[number], figures[:, number], np.nan) for number, genre in enumerate(GENRES)}


def mean_of_films(figures: Floats, weights: Weights) -> Floats:
    """The mean over films of each draw.

    Args:
        figures: One figure a movie, shape (n,).
        weights: Shape (draws, n).

    Returns:
        Shape (draws,).
    """
    mean: Floats = (weights @ figures) / weights.sum(axis=1)
    return mean
