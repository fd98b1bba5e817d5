"""How well held-out films are found among many others, by their places, with the expectation over ties.

A film that shares its score with t others stands at each of the t + 1 places of the group equally often (McSherry & Najork,
ECIR 2008), so a place and a number of ties are all that a whole catalogue has to tell of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def found_ndcg(order: Places, tied: Places, films: int, k: int) -> float:
    """Normalised discounted cumulative gain at ``k``, with a gain of 1 for every held-out film.

    Args:
        order: Shape (films found,), 1 and the candidates with a higher score, of each held-out film that is a candidate.
        tied: Shape (films found,), the other candidates with the same score.
        films: Held-out films in all, 1 or more.
        k: Ranks that count, 1 or more.

    Returns:
        A value in [0, 1].

    >>> round(found_ndcg(np.array([2]), np.array([1]), films=1, k=2), 4)
    0.3155
    """
    discounts = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(2, k + 2)))])
    first, last = np.minimum(order - 1, k), np.minimum(order + tied, k)
    gained = (discounts[last] - discounts[first]) / (tied + 1)
    return float(gained.sum() / discounts[min(films, k)])


def found_recall(order: Places, tied: Places, films: int, k: int) -> float:
    """Share of the held-out films that are among the first ``k``.

    Args:
        order: As in `found_ndcg`.
        tied: As in `found_ndcg`.
        films: Held-out films in all, 1 or more.
        k: Ranks that count, 1 or more.

    Returns:
        A value in [0, 1].

    >>> found_recall(np.array([1, 10]), np.array([0, 1]), films=4, k=10)
    0.375
    """
    shown = np.clip(k + 1 - order, 0, tied + 1) / (tied + 1)
    return float(shown.sum() / films)
