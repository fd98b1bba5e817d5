"""What the data say of films and of one user: what every claim of an explanation is checked by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.questions import Codes
from trailerflow.recommendations.recommending.films import Films

Likeness = Callable[[str, Sequence[str]], list[float]]
"""How much each of several films speaks for a film in the eyes of a ranker; 0 for one that it does not know."""


class Audience:
    """What all users say of films.

    Args:
        ratings: user, movie, rating, with ids as categories.

    Attributes:
        films: Ids of all films, by their codes.
    """

    def __init__(self, ratings: pd.DataFrame) -> None:
        from scipy.sparse import csc_array

        self.films = ratings["movie"].cat.categories
        users, movies = ratings["user"].cat, ratings["movie"].cat
        values = ratings["rating"].to_numpy(float)
        shape = (len(users.categories), len(movies.categories))
        self._counts = np.bincount(movies.codes, minlength=shape[1])
        self._sums = np.bincount(movies.codes, values, minlength=shape[1])
        liked = (values >= LIKED_RATING).astype(np.int32)
        self._liked = csc_array((liked, (users.codes, movies.codes)), shape=shape)
        self._liked.eliminate_zeros()

    def code(self, movie: str) -> int | None:
        """A film's code; None where it is none of the films."""
        place = self.films.get_indexer([movie])[0]
        return None if place < 0 else int(place)

    def mean_of(self, movie: str) -> tuple[float, int]:
        """Mean rating of a film, NaN without any, and the number of its ratings."""
        code = self.code(movie)
        count = 0 if code is None else int(self._counts[code])
        return (float(self._sums[code] / count), count) if count else (float("nan"), 0)

    def liked_together(self, movie: str, other: str) -> tuple[int, int]:
        """How many liked both films, and how many liked the first."""
        one, two = self.code(movie), self.code(other)
        if one is None or two is None:
            return 0, 0
        likers = self._likers(one)
        return int(np.isin(likers, self._likers(two)).sum()), likers.size

    def _likers(self, code: int) -> Codes:
        table = self._liked
        return np.asarray(table.indices[table.indptr[code] : table.indptr[code + 1]])


@dataclass(frozen=True)
class Facts:
    """What claims are checked by.

    Attributes:
        films: Of the archive.
        audience: What all users say of them.
        own: The user's ratings by film.
        likeness: Of films in the eyes of the ranker.
    """

    films: Films
    audience: Audience
    own: Mapping[str, float]
    likeness: Likeness

    def liked(self) -> list[str]:
        """The films that the user liked."""
        return [movie for movie, rating in self.own.items() if rating >= LIKED_RATING]

    def nearest_liked(self, movie: str, count: int) -> list[str]:
        """Films that the user liked and that are alike to a film, the most alike first.

        By the ranker's likeness, where it has one and finds any alike; else by shared genres, the best rated first.
        """
        liked = [each for each in self.liked() if each != movie]
        near = self.alike(movie, liked)
        if any(value > 0 for value in near.values()):
            return sorted((each for each in liked if near[each] > 0), key=lambda each: -near[each])[:count]
        genres = self.films[movie].genres
        shared = {each: len(genres & self.films[each].genres) for each in liked}
        order = sorted(liked, key=lambda each: (-shared[each], -self.own[each]))
        return [each for each in order if shared[each]][:count]

    def alike(self, movie: str, others: list[str]) -> dict[str, float]:
        """How much each of the others speaks for a film in the eyes of the ranker."""
        return dict(zip(others, self.likeness(movie, others), strict=True))
