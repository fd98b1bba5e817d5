"""Sets of genres that keep a promise on films nobody has seen, whatever the system: conformal prediction.

A set holds the genres whose scores reach a threshold, and the threshold is chosen on films with known genres. Two promises
are kept in this way, both by conformal risk control (Angelopoulos, Bates, Fisch, Lei & Schuster, arXiv 2208.02814). With a
loss of 0 or 1 it is split conformal prediction (Papadopoulos et al., ECML 2002). Both hold on average over draws of films
like these, and not for every kind of film.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailerflow.genres.films import Flags, Floats


@dataclass(frozen=True)
class Promise:
    """What a set promises.

    Attributes:
        name: Its name in tables.
        most: The largest mean loss.
        all_or_nothing: Whether the loss of a film is 1 as soon as a genre is missing; else it is the share of its genres
            that are.
    """

    name: str
    most: float
    all_or_nothing: bool

    def losses(self, truth: Flags, sets: Flags) -> Floats:
        """Loss of each film.

        Args:
            truth: Genres of n films, at least one each, shape (n, 18).
            sets: Their sets, the same shape.

        Returns:
            Shape (n,).
        """
        missing = (truth & ~sets).sum(axis=1) / truth.sum(axis=1)
        losses: Floats = (missing > 0).astype(float) if self.all_or_nothing else missing
        return losses


NONE_MISSING = Promise("none missing", 0.1, all_or_nothing=True)
"""All genres of a film lie in its set, for nine films of ten."""

FEW_MISSING = Promise("few missing", 0.1, all_or_nothing=False)
"""On average at most a tenth of a film's genres are missing from its set."""

PROMISES = (NONE_MISSING, FEW_MISSING)


def choose_threshold(truth: Flags, scores: Floats, promise: Promise) -> float:
    """The highest threshold at which a promise is kept on a further film.

    The further film may have the largest loss, 1, so that its loss is counted beside those of the n films.

    Args:
        truth: Genres of n films, at least one each, shape (n, 18).
        scores: Predicted for them by fits that did not know them, the same shape.
        promise: What is promised.

    Returns:
        Threshold of the scores; minus infinity where the films are too few to promise anything, so that every set is whole.
    """
    if promise.all_or_nothing:
        steps = np.where(truth, scores, np.inf).min(axis=1)
        losses = np.ones(len(steps))
    else:
        film, genre = np.nonzero(truth)
        steps = scores[film, genre]
        losses = 1 / truth.sum(axis=1)[film]
    order = np.argsort(steps, kind="stable")
    below = np.cumsum(losses[order]) - losses[order]
    kept = np.flatnonzero(below + 1 <= promise.most * (len(truth) + 1) + 1e-9)
    return float(steps[order][kept[-1]]) if kept.size else -np.inf


def untied(scores: Floats, seed: int) -> Floats:
    """Scores in the same order, with equal ones of different films told apart at random.

    Many equal scores, such as those of a constant, make sets larger than a promise needs: all of them are in, or none.
    Broken at random they meet it. Equal scores of one film stay equal.

    Args:
        scores: Shape (n, 18).
        seed: Seed of the draw.

    Returns:
        Shape (n, 18): the place of a score among all different ones, and a fraction that is the film's own.
    """
    _, place = np.unique(scores, return_inverse=True)
    fractions = np.random.default_rng(seed).random((len(scores), 1))
    told: Floats = place.reshape(scores.shape) + fractions
    return told
