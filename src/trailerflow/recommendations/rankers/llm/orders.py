"""Orders in which films are shown, and the order that several answers agree on most."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import permutations

import numpy as np
import numpy.typing as npt

from trailerflow.recommendations.rankers.contract import Floats

EXACT = 7
"""Most films for which all orders are tried: 5,040 of them."""

Order = list[int]


def shuffles(movies: Sequence[str], user: str, seed: int, count: int) -> list[Order]:
    """Orders in which a user's films are shown: places in ``movies``, by chance.

    They hang on the seed, the user and the ids of the films, and not on the order of ``movies``, which some protocols take
    from the truth. More orders begin with the fewer ones, so that answers that are kept are met again.

    >>> shuffles(["a", "b"], "u", 0, 3) == [[1 - place for place in o] for o in shuffles(["b", "a"], "u", 0, 3)]
    True
    """
    by_id = sorted(range(len(movies)), key=lambda place: movies[place])
    rng = np.random.default_rng([seed, zlib.crc32(user.encode())])
    return [[by_id[place] for place in rng.permutation(len(movies))] for _ in range(count)]


def places_of(orders: Sequence[Order], films: int) -> list[list[int]]:
    """At which place, from 0, each film is shown in each order, a row a film."""
    found = np.zeros((films, len(orders)), dtype=int)
    for number, order in enumerate(orders):
        found[order, number] = np.arange(films)
    return found.tolist()


def borda(scores: Floats) -> Floats:
    """How many films each film is above, the mean over orders; a film with the same score counts half.

    Args:
        scores: Shape (films, orders), higher is better.

    >>> borda(np.array([[3.0, 1.0], [2.0, 2.0], [1.0, 0.0]])).tolist()
    [1.5, 1.5, 0.0]
    """
    found: Floats = _above(scores).sum(axis=1)
    return found


def agreed(scores: Floats) -> Floats:
    """The order with the fewest pairs that the orders put the other way round (Kemeny 1959), as scores.

    Up to `EXACT` films all orders are tried, and films have the mean place over the best ones; of more films the Borda
    count stands.

    Args:
        scores: Shape (films, orders), higher is better.

    >>> agreed(np.array([[2.0, 2.0, 0.0], [1.0, 1.0, 2.0], [0.0, 0.0, 1.0]])).tolist()
    [2.0, 1.0, 0.0]
    """
    films = len(scores)
    if films > EXACT:
        return borda(scores)
    above = _above(scores)
    tried = np.array(list(permutations(range(films))), dtype=np.intp)
    first, second = np.triu_indices(films, 1)
    agreement = above[tried[:, first], tried[:, second]].sum(axis=1)
    best = tried[np.isclose(agreement, agreement.max())]
    found: Floats = films - 1 - np.argsort(best, axis=1).mean(axis=0)
    return found


def _above(scores: Floats) -> npt.NDArray[np.float64]:
    """Share of the orders in which a film (row) is above another (column); equal scores count half."""
    difference = scores[:, None, :] - scores[None, :, :]
    above: Floats = ((np.sign(difference) + 1) / 2).mean(axis=2)
    np.fill_diagonal(above, 0.0)
    return above
