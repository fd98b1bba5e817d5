"""What a language model is told of one user: the history, and the films that are asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Any

import numpy as np

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.questions import Question, Questions
from trailerflow.recommendations.rankers.contract import Side
from trailerflow.recommendations.rankers.llm.films import Films
from trailerflow.recommendations.rankers.llm.histories import Choice

LABELS = ascii_uppercase[:20]
"""Letters of the films of a list: as many as servers give alternatives to a token."""

NOTHING = "none"
"""Stands where there is no film to be told of."""


@dataclass(frozen=True)
class Rated:
    """A film of a history.

    Attributes:
        place: Its place in the history, which is in order of time.
        film: The film in words.
        rating: What the user gave.
    """

    place: int
    film: str
    rating: float


@dataclass(frozen=True)
class Told:
    """One user's question in words.

    Attributes:
        user: The user.
        movies: Ids of the films that are asked about, in the question's order.
        films: The same in words.
        history: The films of the history, the first to be told first.
    """

    user: str
    movies: Sequence[str]
    films: Sequence[str]
    history: Sequence[Rated]

    @property
    def cut(self) -> Told:
        """The same with one film less of the history: the oldest, the worst rated or the least alike."""
        return replace(self, history=self.history[:-1])

    def variables(self, shown: Sequence[int]) -> dict[str, str]:
        """What a prompt file may use; see ``docs/language_models.md``.

        Args:
            shown: Places of the films that are asked about in this question, in the order in which they are shown.
        """
        seen = sorted(self.history, key=lambda rated: rated.place)
        films = [self.films[place] for place in shown]
        return {
            "history": _lines(f"- {_opinion(rated.rating)}: {rated.film}" for rated in seen),
            "watched": _lines(f"{number}. {rated.film}" for number, rated in enumerate(seen, 1)),
            "earlier": _lines(f"{number}. {rated.film}" for number, rated in enumerate(seen[:-1], 1)),
            "newest": seen[-1].film if seen else NOTHING,
            "film": films[0],
            "films": _lines(f"{label}: {film}" for label, film in zip(LABELS, films, strict=False)),
            "letters": ", ".join(LABELS[: len(films)]),
            "count": str(len(films)),
        }


class Words:
    """Puts questions into words.

    Args:
        side: The tables of `trailerflow.recommendations.rankers.llm.settings.side_tables`.
        settings: With all defaults.
    """

    def __init__(self, side: Side, settings: Mapping[str, Any]) -> None:
        self._side, self._settings = side, settings
        self._films = Films(side, settings)

    def of(self, questions: Questions) -> Iterator[Told]:
        """Each question in words. What was rated after the question is asked is not told."""
        choice = Choice(self._side, self._settings, questions.movies)
        ids = questions.movies.to_numpy()
        for question in questions:
            yield self._told(question, choice, ids)

    def _told(self, question: Question, choice: Choice, ids: np.ndarray) -> Told:
        history = question.history
        rated = [
            Rated(
                place, self._films.told_of_history(ids[history.movies[place]]), float(history.ratings[place])
            )
            for place in choice.places(question).tolist()
        ]
        movies = ids[question.candidates].tolist()
        return Told(question.user, movies, [self._films.told(movie) for movie in movies], rated)


def _lines(lines: Iterator[str]) -> str:
    return "\n".join(lines) or NOTHING


def _opinion(rating: float) -> str:
    """A rating in words: half stars are kept as MovieLens gives them."""
    if rating >= LIKED_RATING:
        word = "liked"
    elif rating >= LIKED_RATING - 1:
        word = "so-so"
    else:
        word = "disliked"
    return f"{rating:g} of 5, {word}"
