"""What a language model is told of a user and a film."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.movies.titles import display_title
from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.questions import History, Question, Questions
from trailerflow.recommendations.rankers.contract import Side

HISTORY_FILMS = 10
"""Films of the user's history in a prompt: enough for a taste, few enough for a small model's speed."""

SIDE = ("archive", "movies", "summaries")
"""Tables that the texts come from: titles, years and genre flags of every rated film, and of the films of this run; movie,
status and summary, by one model and prompt, of which those that are ``ok`` are shown."""


@dataclass(frozen=True)
class FilmQuestion:
    """Whether one user would like one film.

    Attributes:
        user: Who is asked about.
        movie: The film.
        variables: What the prompt file may use: history, title, genres, summary.
    """

    user: str
    movie: str
    variables: Mapping[str, str]


class Texts:
    """The words for films, by their ids.

    Args:
        side: The tables of `SIDE`.
    """

    def __init__(self, side: Side) -> None:
        self._candidates = _descriptions(side["movies"])
        # The first id of a film of this run may be none of the archive's.
        self._known = self._candidates | _descriptions(side["archive"])
        written = side["summaries"][side["summaries"]["status"] == "ok"]
        self._summaries = dict(zip(written["movie"], written["summary"], strict=True))

    def film_questions(self, questions: Questions) -> Iterator[list[FilmQuestion]]:
        """The questions about each user's films; what a user's films share is the same in all of them.

        A history holds the newest of what the user had rated when the question is asked: what came after it is not told.
        """
        for question in questions:
            yield self._of_user(question, questions.movies.to_numpy())

    def _of_user(self, question: Question, ids: npt.NDArray[np.object_]) -> list[FilmQuestion]:
        history = self._history(question.history, ids)
        asked = []
        for movie in ids[question.candidates]:
            title, genres = self._candidates.get(movie) or self._known[movie]
            summary = self._summaries.get(movie, "not available")
            variables = {"history": history, "title": title, "genres": genres, "summary": summary}
            asked.append(FilmQuestion(question.user, movie, variables))
        return asked

    def _history(self, history: History, ids: npt.NDArray[np.object_]) -> str:
        lines = []
        for movie, rating in zip(
            ids[history.movies[-HISTORY_FILMS:]], history.ratings[-HISTORY_FILMS:], strict=True
        ):
            title, genres = self._known[movie]
            lines.append(f"- {title}, {genres}: {_opinion(rating)}")
        return "\n".join(lines)


def _opinion(rating: float) -> str:
    """A rating in words: half stars are kept as MovieLens gives them."""
    if rating >= LIKED_RATING:
        word = "liked"
    elif rating >= LIKED_RATING - 1:
        word = "so-so"
    else:
        word = "disliked"
    return f"{rating:g} of 5, {word}"


def _descriptions(movies: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Title with the year, and the genres, of each movie."""
    flags = movies[list(GENRES)].fillna(False).to_numpy(dtype=bool)
    described = {}
    for movie, title, year, row in zip(movies["movie"], movies["title"], movies["year"], flags, strict=True):
        genres = ", ".join(genre for genre, on in zip(GENRES, row, strict=True) if on)
        dated = display_title(title) if pd.isna(year) else f"{display_title(title)} ({year})"
        described[movie] = (dated, genres or "unknown")
    return described
