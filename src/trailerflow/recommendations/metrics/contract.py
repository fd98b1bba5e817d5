"""The contract of every metric of rankings: one figure for each question, or one for all that was shown in a part.

A ranker that gives two films one score has not ordered them. Taking them as they come would make the figure depend on
the order of the input, so each metric is the mean over all orders of the tied films, in closed form (McSherry & Najork,
Computing Information Retrieval Performance Measures Efficiently in the Presence of Tied Scores, ECIR 2008). A film that
shares its score with t others stands at each of the t + 1 places of the group equally often, so a place and a number of
ties are all that a metric needs. One consequence: chance is the metric of scores that are all equal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from trailerflow.recommendations.metrics.arrays import Flags, Floats, Numbers, counts, sums


@dataclass(frozen=True, eq=False)
class Placed:
    """Where one ranker put the m held-out films of n questions.

    Attributes:
        question: Which question each film is of, from 0 to n - 1, shape (m,), in ascending order.
        rating: What the user gave, 0 or more, shape (m,).
        place: Its place among the question's rows of the truth, from 0 on, shape (m,): what a protocol judges by where the
            order of the truth counts and not the ratings.
        order: 1 and the candidates with a higher score, shape (m,); 0 where the film was no candidate.
        tied: The other candidates with the same score, shape (m,).
        retrieved: How often the ranker's list holds the film, shape (m,): its best of a catalogue, or every listed film.
        candidates: How many films each question was about, shape (n,).
    """

    question: Numbers
    rating: Floats
    place: Numbers
    order: Numbers
    tied: Numbers
    retrieved: Floats
    candidates: Numbers

    def sums(self, values: npt.ArrayLike) -> Floats:
        """The sum of a value of each film by question: from shape (m,) to shape (n,)."""
        return sums(self.question, values, len(self.candidates))

    def only(self, films: Flags) -> Placed:
        """The same with some of the held-out films, shape (m,); the others are candidates still."""
        return Placed(
            self.question[films],
            self.rating[films],
            self.place[films],
            self.order[films],
            self.tied[films],
            self.retrieved[films],
            self.candidates,
        )

    @cached_property
    def films(self) -> Floats:
        """How many held-out films each question has, shape (n,)."""
        return counts(self.question, len(self.candidates))


@dataclass(frozen=True, eq=False)
class Shown:
    """The films that one ranker shows for the n questions of one part, as far down as any metric looks.

    Attributes:
        question: Which question each of m rows is of, from 0 to n - 1, shape (m,).
        film: Number of the film, shape (m,).
        order: 1 and the candidates with a higher score, shape (m,).
        tied: The other candidates with the same score, shape (m,).
        questions: n.
        popularity: Share of the training users who have rated each film, shape (films,).
        least: The smallest share that a film with a rating can have: 1 / training users.
        genres: Which genres each film has, shape (films, genres).
        history_popularity: Mean popularity of the films that each question's user has rated, shape (n,).
        catalogue: How many films were candidates of any question.
    """

    question: Numbers
    film: Numbers
    order: Numbers
    tied: Numbers
    questions: int
    popularity: Floats
    least: float
    genres: Floats
    history_popularity: Floats
    catalogue: int

    @cached_property
    def listed(self) -> Numbers:
        """How many rows of the same question and score there are, for each row.

        A list that ends within a group of equal scores holds some of its films, drawn by chance.
        """
        keys = self.question * (self.order.max(initial=0) + 1) + self.order
        _, group, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        found: Numbers = sizes[group]
        return found

    def chances(self, k: int) -> Floats:
        """How often each row is among the first ``k``, shape (m,)."""
        free = np.clip(k + 1 - self.order, 0, self.tied + 1)
        return np.minimum(free / self.listed, 1.0)

    def sums(self, values: npt.ArrayLike) -> Floats:
        """The sum of a value of each row by question: from shape (m,) to shape (n,)."""
        return sums(self.question, values, self.questions)


class Metric(ABC):
    """One figure of how good rankings are.

    Attributes:
        name: Its name in the tables.
        source: Where it comes from.
    """

    name: ClassVar[str]
    source: ClassVar[str]


class PlaceMetric(Metric):
    """A figure of each question, by where the held-out films stand."""

    @abstractmethod
    def figures(self, placed: Placed, k: int) -> Floats:
        """The figure of each question.

        Args:
            placed: Where the films stand.
            k: Places that count, 1 or more; a metric of all films does not look at it.

        Returns:
            Shape (n,), in [0, 1]; NaN where no order is better than another.
        """


class ShownMetric(Metric):
    """A figure of each question, by what is shown, whether it is right or not."""

    @abstractmethod
    def figures(self, shown: Shown, k: int) -> Floats:
        """The figure of each question.

        Args:
            shown: What is shown.
            k: Places that are looked at, 1 or more.

        Returns:
            Shape (n,); NaN where nothing is shown, or too little.
        """


class CatalogueMetric(Metric):
    """One figure of all that is shown to all users."""

    @abstractmethod
    def figure(self, shown: Shown, k: int) -> float:
        """The figure of a part.

        Args:
            shown: What is shown.
            k: Places that are looked at, 1 or more.
        """
