"""Precision, recall and F1 from counts, per genre and averaged; counts may be expected ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """What was right, per film and genre or summed over films.

    Attributes:
        hits: Genres that were predicted and are right, shape (..., genres).
        positives: Genres that films have, the same shape.
        predicted: Genres that were predicted, the same shape.
    """

    hits: Floats
    positives: Floats
    predicted: Floats

    def summed(self, films: npt.NDArray[np.intp] | slice = slice(None)) -> Counts:
        """Counts of some films together, each as often as it is named: shape (genres,)."""
        return Counts(
            self.hits[films].sum(axis=0), self.positives[films].sum(axis=0), self.predicted[films].sum(axis=0)
        )

    def of_genre(self, genre: int) -> Counts:
        """Counts of one genre alone, shape (..., 1)."""
        return Counts(self.hits[..., [genre]], self.positives[..., [genre]], self.predicted[..., [genre]])

    def scores(self) -> tuple[Floats, Floats, Floats]:
        """Precision, recall and F1 of each genre, each 0 where it would be 0/0, as in scikit-learn."""
        return (
            _ratio(self.hits, self.predicted),
            _ratio(self.hits, self.positives),
            _ratio(2 * self.hits, self.positives + self.predicted),
        )

    def micro(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of all decisions pooled over the genres."""
        pooled = Counts(
            self.hits.sum(keepdims=True), self.positives.sum(keepdims=True), self.predicted.sum(keepdims=True)
        )
        precision, recall, f1 = pooled.scores()
        return float(precision[0]), float(recall[0]), float(f1[0])

    def macro(self, genres: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
        """Mean precision, recall and F1 of the chosen genres; NaN where none is chosen."""
        if not genres.any():
            return float("nan"), float("nan"), float("nan")
        precision, recall, f1 = (float(scores[genres].mean()) for scores in self.scores())
        return precision, recall, f1


def count(truth: npt.ArrayLike, predicted: npt.ArrayLike, films: npt.ArrayLike) -> Counts:
    """Count per film what was right; the movies of one film are counted together.

    Args:
        truth: 0 or 1, shape (movies, genres).
        predicted: The same, or the probability with which a genre is predicted whatever the movie: then the
            counts are expected ones.
        films: Which film each movie is, shape (movies,).

    Returns:
        Counts of shape (films, genres).
    """
    right = np.asarray(truth, dtype=float)
    said = np.asarray(predicted, dtype=float)
    names, film = np.unique(np.asarray(films), return_inverse=True)
    tables = []
    for values in (right * said, right, said):
        table = np.zeros((len(names), right.shape[1]))
        np.add.at(table, film, values)
        tables.append(table)
    return Counts(*tables)


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
