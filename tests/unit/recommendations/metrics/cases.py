"""Rankings for the tests of metrics: every case is one question, or several, about a handful of films."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
from hypothesis import strategies as st

from trailerflow.recommendations.metrics.contract import Placed, Shown
from trailerflow.recommendations.ranking_rows import places


@dataclass(frozen=True)
class Ranked:
    """The candidates of one question.

    Attributes:
        ratings: What the user gave, None for a candidate that is not of the truth.
        scores: What the ranker gave.
    """

    ratings: Sequence[float | None]
    scores: Sequence[float]

    def orders(self) -> Iterator[tuple[int, ...]]:
        """Every order of the films, the best first, in which no better-scored one stands behind."""
        films = range(len(self.scores))
        for order in permutations(films):
            if all(self.scores[a] >= self.scores[b] for a, b in pairwise(order)):
                yield order

    def untied(self) -> Iterator[Ranked]:
        """The same with scores that say one of these orders."""
        for order in self.orders():
            scores = np.empty(len(order))
            scores[list(order)] = -np.arange(len(order))
            yield Ranked(self.ratings, scores.tolist())

    def by_rank(self) -> list[float | None]:
        """The ratings, the best-scored film first; scores that are not tied."""
        return [self.ratings[film] for film in np.argsort(self.scores)[::-1]]


def placed_of(*questions: Ranked) -> Placed:
    """The held-out films of some questions with their places."""
    rows = []
    for number, one in enumerate(questions):
        order, tied = places(np.asarray(one.scores, dtype=float))
        truth = [film for film, rating in enumerate(one.ratings) if rating is not None]
        rows += [
            (number, one.ratings[film], place, order[film], tied[film]) for place, film in enumerate(truth)
        ]
    columns = list(zip(*rows, strict=True)) or [()] * 5
    question, place, order, tied = (np.array(columns[column], dtype=np.int64) for column in (0, 2, 3, 4))
    candidates = np.array([len(one.scores) for one in questions])
    retrieved = np.ones(len(question))
    return Placed(question, np.array(columns[1], dtype=float), place, order, tied, retrieved, candidates)


def shown_of(genres: np.ndarray, popularity: Sequence[float], *scores: Sequence[float]) -> Shown:
    """What is shown to users who were asked about all films."""
    found = [places(np.asarray(each, dtype=float)) for each in scores]
    return Shown(
        question=np.repeat(np.arange(len(scores)), len(popularity)),
        film=np.tile(np.arange(len(popularity)), len(scores)),
        order=np.concatenate([order for order, _ in found]).astype(np.int64),
        tied=np.concatenate([tied for _, tied in found]).astype(np.int64),
        questions=len(scores),
        popularity=np.asarray(popularity, dtype=float),
        least=0.1,
        genres=genres,
        history_popularity=np.full(len(scores), 0.25),
        catalogue=len(popularity),
    )


def rankings(*, ordered: bool) -> st.SearchStrategy[Ranked]:
    """Candidates with many equal scores; all are of the truth where an order is asked for, and else some."""
    rating = st.integers(1, 5).map(float)
    given = rating if ordered else st.one_of(st.none(), rating)
    ratings = st.lists(given, min_size=2, max_size=5).filter(any)
    return ratings.flatmap(
        lambda found: st.builds(
            Ranked,
            st.just(found),
            st.lists(st.integers(0, 2).map(float), min_size=len(found), max_size=len(found)),
        )
    )
