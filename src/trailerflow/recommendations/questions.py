"""Questions to a ranker: a user, a time, what was known of the user then, and the films to be ranked.

"The whole catalogue" is a rule and not rows: 943 users and 1,682 films are 1.5 million rows. A question's films are found
when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.protocols.contract import CATALOGUE

Codes = npt.NDArray[np.intp]
"""Films or users by their place among the categories of the training ratings."""
NOBODY = -1


@dataclass(frozen=True)
class History:
    """A user's ratings up to a time, in its order.

    Attributes:
        movies: Codes of the films, shape (ratings,).
        ratings: What the user gave.
        times: When, in seconds.
    """

    movies: Codes
    ratings: npt.NDArray[np.float32]
    times: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Question:
    """Which of these films would this user like best?

    Attributes:
        number: Its row in the table of questions.
        user: Who is asked about.
        time: When is asked, in seconds.
        history: The user's ratings up to then.
        candidates: Codes of the films to be ranked, in the order in which they are shown.
    """

    number: int
    user: str
    time: int
    history: History
    candidates: Codes


class Questions(Sequence[Question]):
    """The questions of one protocol about one part.

    Args:
        questions: One row a user: user, timestamp, rule.
        candidates: user, movie; see `trailerflow.recommendations.protocols.contract.Asked`.
        known: Ratings that may be known: user, movie, rating, timestamp, a user's in order of time.
        numbers: Which rows of ``questions`` are asked; None for all.

    Attributes:
        users: Ids of all users, by their codes.
        movies: Ids of all films, by their codes.
    """

    def __init__(
        self,
        questions: pd.DataFrame,
        candidates: pd.DataFrame,
        known: pd.DataFrame,
        numbers: Codes | None = None,
    ) -> None:
        self.users = known["user"].cat.categories
        self.movies = known["movie"].cat.categories
        self._user_codes = codes_of(questions["user"], self.users)
        self._times = questions["timestamp"].to_numpy()
        self._by_rule = (questions["rule"] == CATALOGUE).to_numpy()
        self._listed = _Grouped(codes_of(candidates["user"], self.users))
        self._listed_movies = codes_of(candidates["movie"], self.movies)
        self._known = _Grouped(known["user"].cat.codes.to_numpy())
        self._known_movies = known["movie"].cat.codes.to_numpy().astype(np.intp)
        self._known_ratings = known["rating"].to_numpy(np.float32)
        self._known_times = known["timestamp"].to_numpy(np.int64)
        self._numbers = np.arange(len(questions)) if numbers is None else numbers
        self._choose: Callable[[Question], Codes] | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Question: ...

    @overload
    def __getitem__(self, index: slice) -> list[Question]: ...

    def __getitem__(self, index: int | slice) -> Question | list[Question]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        return self.numbered(int(self._numbers[index]))

    def numbered(self, number: int) -> Question:
        """The question of a number, its row in the table of questions."""
        user = int(self._user_codes[number])
        rows = self._known.of(user)
        past = rows[self._known_times[rows] <= self._times[number]]
        whole = Question(
            number=number,
            user=str(self.users[user]),
            time=int(self._times[number]),
            history=History(self._known_movies[past], self._known_ratings[past], self._known_times[past]),
            candidates=self._candidates(number, user, rows),
        )
        return replace(whole, candidates=self._choose(whole)) if self._choose else whole

    def shortened(self, choose: Callable[[Question], Codes]) -> Questions:
        """The same questions about some of their films alone, which a function gives for each."""
        shorter = copy(self)
        shorter._choose = choose
        return shorter

    def _candidates(self, number: int, user: int, rows: Codes) -> Codes:
        if not self._by_rule[number]:
            return self._listed_movies[self._listed.of(user)]
        shared = self._listed_movies[self._listed.of(NOBODY)]
        return shared[~np.isin(shared, self._known_movies[rows])]


class _Grouped:
    """Rows by the code of their user, each user's in their order."""

    def __init__(self, users: Codes) -> None:
        self._order = np.argsort(users, kind="stable")
        self._sorted = users[self._order]

    def of(self, user: int) -> Codes:
        first, last = np.searchsorted(self._sorted, [user, user + 1])
        return self._order[first:last]


def codes_of(values: pd.Series, categories: pd.Index) -> Codes:
    """Place of each value among categories, `NOBODY` for one that is missing."""
    codes: Codes = pd.Categorical(values, categories=categories).codes.astype(np.intp)
    return codes
