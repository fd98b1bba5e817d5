"""Metrics of scores, which need no threshold. Equal scores are taken together, as in scikit-learn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from trailerflow.genres.films import Flags, Floats
from trailerflow.genres.metrics.contract import (
    MACRO,
    MICRO,
    SAMPLE,
    SCORES,
    Metric,
    Said,
    Weights,
    mean_of_films,
    of_genres,
)


def average_precision(
    truth: Flags, scores: Floats, weights: Weights, movie: npt.NDArray[np.intp] | None = None
) -> Floats:
    """Average precision of each draw: the mean over the true decisions of the precision at their scores.

    Args:
        truth: Which of m decisions are right, shape (m,).
        scores: Their scores, shape (m,).
        weights: How often each movie is in each draw, shape (draws, n).
        movie: Whose decision each is, shape (m,); None where there is one for each movie, in their order.

    Returns:
        Shape (draws,); NaN for a draw without a true decision.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    owner = order if movie is None else movie[order]
    right = truth[order]
    # A step holds the decisions from one right one, and those with equal scores, down to the next.
    ends = np.unique(np.searchsorted(-ranked, -ranked[right], side="right"))
    step = np.searchsorted(ends, np.arange(len(ranked)), side="right")
    # Movies of each step times draws of movies: the sums of all draws at once.
    drawn = np.ascontiguousarray(weights.T)
    taken = np.cumsum(_counts(step, owner, len(ends), len(drawn)) @ drawn, axis=0)
    own = _counts(step[right], owner[right], len(ends), len(drawn)) @ drawn
    precision = np.divide(np.cumsum(own, axis=0), taken, out=np.zeros_like(own), where=taken > 0)
    positives = own.sum(axis=0, dtype=float)
    total = (own * precision).sum(axis=0, dtype=float)
    mean: Floats = np.divide(total, positives, out=np.full(len(weights), np.nan), where=positives > 0)
    return mean


def _counts(step: npt.NDArray[np.intp], owner: npt.NDArray[np.intp], steps: int, movies: int) -> csr_array:
    """How many decisions of each movie lie in each step, shape (steps, movies); those below the last step are left out."""
    kept = step < steps
    ones = np.ones(int(kept.sum()), dtype=np.float32)
    return csr_array((ones, (step[kept], owner[kept])), shape=(steps, movies))


def micro_average_precision(said: Said, weights: Weights) -> Floats:
    """Average precision of all decisions together, shape (draws,)."""
    movies, genres = said.truth.shape
    movie = np.repeat(np.arange(movies), genres)
    return average_precision(said.truth.ravel(), said.values.ravel(), weights, movie)


def ranking_losses(said: Said) -> Floats:
    """The ranking loss of each movie, shape (n,); see `RankingLoss`."""
    wrong = (_at_least(said) & ~said.truth[:, None, :]).sum(axis=2)
    above = np.where(said.truth, wrong, 0).sum(axis=1).astype(float)
    pairs = said.truth.sum(axis=1) * (~said.truth).sum(axis=1)
    losses: Floats = np.divide(above, pairs, out=np.zeros_like(above), where=pairs > 0)
    return losses


def _by_genre(said: Said, weights: Weights) -> Floats:
    """Average precision of each genre, shape (draws, 18)."""
    genres = range(said.truth.shape[1])
    columns = [average_precision(said.truth[:, genre], said.values[:, genre], weights) for genre in genres]
    return np.stack(columns, axis=1)


def _mean_where_defined(figures: Floats) -> Floats:
    """The mean over genres of each draw, without the NaN ones."""
    defined = ~np.isnan(figures)
    count = defined.sum(axis=1)
    total = np.where(defined, figures, 0.0).sum(axis=1)
    mean: Floats = np.divide(total, count, out=np.full(len(figures), np.nan), where=count > 0)
    return mean


def _at_least(said: Said) -> Flags:
    """Whether genre j of a film has at least the score of its genre l, shape (n, l, j)."""
    flags: Flags = said.values[:, None, :] >= said.values[:, :, None]
    return flags


class AveragePrecision(Metric):
    """Area under the steps of precision over recall: µAP, mAP and sAP.

    Micro pools all decisions, macro is the mean over the genres with positives, sample the mean over films.
    """

    name = "average_precision"
    reads = SCORES

    def figures(self, said: Said, weights: Weights) -> dict[str, Floats]:
        """Micro, macro, sample, and each genre with enough positives."""
        of_genre = _by_genre(said, weights)
        return {
            MICRO: micro_average_precision(said, weights),
            MACRO: _mean_where_defined(of_genre),
            SAMPLE: mean_of_films(self._of_films(said), weights),
            **of_genres(of_genre, said.enough),
        }

    @staticmethod
    def _of_films(said: Said) -> Floats:
        """Average precision of the genres of each film, shape (n,)."""
        taken = _at_least(said)
        hits = (taken & said.truth[:, None, :]).sum(axis=2)
        precision = np.where(said.truth, hits / taken.sum(axis=2), 0.0)
        mean: Floats = precision.sum(axis=1) / said.truth.sum(axis=1)
        return mean


class AveragePrecisionWithinFolds(Metric):
    """Mean over the folds of each fold's macro average precision.

    Scores of different fits are not on one scale, so that pooling them can cost a system what its fits do not deserve.
    """

    name = "average_precision_within_folds"
    reads = SCORES

    def figures(self, said: Said, weights: Weights) -> dict[str, Floats]:
        """Macro; nothing where the movies lie in no folds."""
        folds = np.unique(said.folds)
        if len(folds) < 2:
            return {}
        of_folds = []
        for fold in folds:
            rows = said.folds == fold
            own = Said(said.truth[rows], said.values[rows], said.folds[rows])
            of_folds.append(_mean_where_defined(_by_genre(own, weights[:, rows])))
        return {MACRO: _mean_where_defined(np.stack(of_folds, axis=1))}


class RankingLoss(Metric):
    """Share of the pairs of a right and a wrong genre of a film in which the wrong one has at least the other's score.

    A film with all genres or none has no such pair and counts as 0, as in scikit-learn.
    """

    name = "ranking_loss"
    reads = SCORES

    def figures(self, said: Said, weights: Weights) -> dict[str, Floats]:
        """The mean over films."""
        return {SAMPLE: mean_of_films(ranking_losses(said), weights)}


class CoverageError(Metric):
    """How many genres must be named, from the highest score down, until all genres of a film are among them."""

    name = "coverage_error"
    reads = SCORES

    def figures(self, said: Said, weights: Weights) -> dict[str, Floats]:
        """The mean over films."""
        lowest = np.where(said.truth, said.values, np.inf).min(axis=1)
        needed = (said.values >= lowest[:, None]).sum(axis=1).astype(float)
        return {SAMPLE: mean_of_films(needed, weights)}
