"""From probabilities to genres: a threshold for each, chosen on films that the model was not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailerflow.genres.films import Flags, Floats

FEWEST_POSITIVES = 5
"""Positives that a genre needs for a threshold of its own; with fewer it would be fitted to chance."""

DEFAULT = 0.5
"""Threshold where there is nothing to choose it by."""


def best_threshold(truth: Flags | Floats, probabilities: Floats) -> float:
    """Threshold with the highest F1, halfway between two probabilities; the lowest of equally good ones.

    Args:
        truth: Which of n decisions are right to be taken, or how surely each is, shape (n,).
        probabilities: Their probabilities, shape (n,).

    Returns:
        A threshold that takes at least one decision, or `DEFAULT` where none is right.

    >>> best_threshold(np.array([True, False, True]), np.array([0.9, 0.2, 0.6]))
    0.4
    """
    if not truth.any():
        return DEFAULT
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    true_positives = np.cumsum(truth[order])
    taken = np.arange(1, len(ranked) + 1)
    f1 = 2 * true_positives / (taken + true_positives[-1])
    ends = np.append(ranked[1:] < ranked[:-1], True)  # equal probabilities are taken together
    f1[~ends] = -1.0
    last = len(f1) - 1 - int(np.argmax(f1[::-1]))
    below = ranked[last + 1] if last + 1 < len(ranked) else 0.0
    return float((ranked[last] + below) / 2)


@dataclass(frozen=True)
class Thresholds:
    """The two operating points of a system.

    Attributes:
        shared: One threshold for all genres.
        per_genre: One for each genre, shape (genres,).
    """

    shared: float
    per_genre: Floats

    def apply_shared(self, probabilities: Floats) -> Flags:
        """Genres of films by the one threshold; see `apply_thresholds`."""
        return apply_thresholds(probabilities, np.full(probabilities.shape[1], self.shared))

    def apply_per_genre(self, probabilities: Floats) -> Flags:
        """Genres of films by the threshold of each genre; see `apply_thresholds`."""
        return apply_thresholds(probabilities, self.per_genre)


def choose_thresholds(truth: Flags | Floats, probabilities: Floats) -> Thresholds:
    """One threshold that is best for all decisions together, and one for each genre.

    A genre with few positives has the shared one.

    Args:
        truth: Genres of n films, or how surely they have each, shape (n, genres).
        probabilities: Predicted for them by models that were not trained on them, the same shape.
    """
    shared = best_threshold(truth.ravel(), probabilities.ravel())
    per_genre = [
        best_threshold(truth[:, genre], probabilities[:, genre])
        if truth[:, genre].sum() >= FEWEST_POSITIVES
        else shared
        for genre in range(truth.shape[1])
    ]
    return Thresholds(shared, np.array(per_genre))


def apply_thresholds(probabilities: Floats, thresholds: Floats) -> Flags:
    """Genres at or above their thresholds; a film without any gets the one that comes nearest.

    Every film has a genre, so an empty answer would be wrong for certain.

    Args:
        probabilities: Shape (n, genres).
        thresholds: Shape (genres,).

    Returns:
        Predicted genres, shape (n, genres), at least one a film.
    """
    margin = probabilities - thresholds
    predicted = margin >= 0
    empty = np.flatnonzero(~predicted.any(axis=1))
    predicted[empty, margin[empty].argmax(axis=1)] = True
    return predicted
