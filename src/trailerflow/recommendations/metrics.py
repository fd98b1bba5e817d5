"""Quality of one user's ranking, with the expectation over every order of films that a ranker scored equally.

A ranker that gives two films one score has not ordered them. Taking them as they come would make the figure
depend on the order of the input, so each metric here is the mean over all orders of the tied films, in closed
form (McSherry & Najork, Computing Information Retrieval Performance Measures Efficiently in the Presence of
Tied Scores, ECIR 2008). One consequence: chance is the metric of scores that are all equal, and the oracle
that of the ratings themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb, log2

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def ndcg(ratings: npt.ArrayLike, scores: npt.ArrayLike, k: int) -> float:
    """Normalised discounted cumulative gain at ``k`` with exponential gains, expected over ties.

    The gain of a film is 2**rating - 1 (Burges et al., Learning to Rank using Gradient Descent, ICML 2005),
    its discount 1 / log2(1 + rank). Ties are taken as in scikit-learn's ``ndcg_score``: each of the tied
    ranks gets the mean gain of the tied films.

    Args:
        ratings: Shape (films,), what the user gave, 0 or more.
        scores: Shape (films,), what the ranker gave; higher is better.
        k: Ranks that count, 1 or more.

    Returns:
        A value in [0, 1]; 1.0 where every rating is 0, since no order is wrong then.

    Raises:
        ValueError: The shapes differ, a value is not finite, or ``k`` is below 1.

    >>> round(ndcg([5, 3, 1], [0, 0, 0], k=3), 4)
    0.7713
    """
    rated, scored = _checked(ratings, scores, k)
    gains = 2.0**rated - 1.0
    best = sum(gain * _discount(rank, k) for rank, gain in enumerate(np.sort(gains)[::-1], start=1))
    if best == 0:
        return 1.0
    found = sum(
        gains[members].mean() * _discount(before + place, k)
        for before, members in _tied_groups(scored)
        for place in range(1, members.size + 1)
    )
    return float(found / best)


def average_precision(relevant: npt.ArrayLike, scores: npt.ArrayLike, k: int) -> float:
    """Average precision at ``k``, expected over ties.

    The precisions at the ranks of the relevant films up to ``k``, summed and divided by the most that could
    be there, min(relevant films, k).

    Args:
        relevant: Shape (films,), whether the user liked the film; at least one is true.
        scores: Shape (films,), what the ranker gave; higher is better.
        k: Ranks that count, 1 or more.

    Returns:
        A value in [0, 1].

    Raises:
        ValueError: No film is relevant, the shapes differ, a value is not finite, or ``k`` is below 1.

    >>> average_precision([True, False], [0, 0], k=2)
    0.75
    """
    liked, scored = _checked_relevance(relevant, scores, k)
    liked_before, total = 0, 0.0
    for before, members in _tied_groups(scored):
        size, hits = members.size, int(liked[members].sum())
        # Given a relevant film at one place of the group, any other of its places holds one this often.
        others = (hits - 1) / (size - 1) if size > 1 else 0.0
        for place in range(1, min(size, k - before) + 1):
            total += hits / size * (liked_before + 1 + (place - 1) * others) / (before + place)
        liked_before += hits
    return total / min(int(liked.sum()), k)


def reciprocal_rank(relevant: npt.ArrayLike, scores: npt.ArrayLike, k: int) -> float:
    """Reciprocal rank of the first relevant film, 0 when it comes after ``k``; expected over ties.

    As in Voorhees, The TREC-8 Question Answering Track Report, 1999.

    Args:
        relevant: Shape (films,), whether the user liked the film; at least one is true.
        scores: Shape (films,), what the ranker gave; higher is better.
        k: Ranks that count, 1 or more.

    Returns:
        A value in [0, 1].

    Raises:
        ValueError: No film is relevant, the shapes differ, a value is not finite, or ``k`` is below 1.

    >>> round(reciprocal_rank([True, False, False, False, False], [0, 0, 0, 0, 0], k=5), 4)
    0.4567
    """
    liked, scored = _checked_relevance(relevant, scores, k)
    before, members = next(group for group in _tied_groups(scored) if liked[group[1]].any())
    size, hits = members.size, int(liked[members].sum())
    # Of the comb(size, hits) ways to place the relevant films, these put the first of them at `place`.
    ways = {place: comb(size - place, hits - 1) for place in range(1, size - hits + 2)}
    return sum(
        count / comb(size, hits) / (before + place) for place, count in ways.items() if before + place <= k
    )


def pair_accuracy(ratings: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Share of the pairs of differently rated films in the right order; a tied pair counts half.

    Args:
        ratings: Shape (films,), what the user gave; at least two differ.
        scores: Shape (films,), what the ranker gave; higher is better.

    Returns:
        A value in [0, 1]; 0.5 is chance.

    Raises:
        ValueError: All ratings are equal, the shapes differ, or a value is not finite.

    >>> pair_accuracy([5, 3, 3], [2, 1, 2])
    0.75
    """
    rated, scored = _checked(ratings, scores, 1)
    first, second = np.triu_indices(rated.size, 1)
    wanted = np.sign(rated[first] - rated[second])
    if not wanted.any():
        raise ValueError("pair_accuracy needs two ratings that differ")
    agreement = (wanted * np.sign(scored[first] - scored[second]))[wanted != 0]
    return float((agreement.mean() + 1) / 2)


def _discount(rank: int, k: int) -> float:
    return 1 / log2(1 + rank) if rank <= k else 0.0


def _tied_groups(scores: Floats) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """Best group first: how many films stand before it, and the positions of its films."""
    before = 0
    for score in np.unique(scores)[::-1]:
        members = np.flatnonzero(scores == score)
        yield before, members
        before += members.size


def _checked(ratings: npt.ArrayLike, scores: npt.ArrayLike, k: int) -> tuple[Floats, Floats]:
    rated, scored = np.asarray(ratings, dtype=float), np.asarray(scores, dtype=float)
    if rated.ndim != 1 or rated.shape != scored.shape:
        raise ValueError(f"one score a film is needed, got shapes {rated.shape} and {scored.shape}")
    if not (np.isfinite(rated).all() and np.isfinite(scored).all()):
        raise ValueError("ratings and scores must be finite")
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return rated, scored


def _checked_relevance(relevant: npt.ArrayLike, scores: npt.ArrayLike, k: int) -> tuple[Flags, Floats]:
    flags, scored = _checked(relevant, scores, k)
    if not flags.any():
        raise ValueError("at least one film must be relevant")
    return flags.astype(bool), scored
