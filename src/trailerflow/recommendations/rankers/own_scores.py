"""The ranker ``own_scores``: scores from elsewhere, in a user's file, judged like all others."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.outside import clean_text
from trailerflow.own_settings import Limit
from trailerflow.recommendations.questions import NOBODY, Questions, codes_of
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Scores, Side

MOST_BYTES = 300_000_000
"""Largest file that is read; the scores of 943 users for 1,682 films have 30 million bytes."""

ABSENT, LAST = "absent", "last"
"""What becomes of a film that the file has no score for."""


class OwnScores(Ranker):
    """Scores of a CSV with the columns user, movie and score; higher is better.

    A film that the file has no score for, or NaN, never counts as a score of 0. Among such films the others would be found
    too easily, so all films of the question are ``absent``, and it is in no figure. Where the file holds the best films of
    each user alone, ``missing: last`` puts the others behind them, all with one score.
    """

    source = "the user's own file"
    keeps_parts = False  # reading the file again is as fast
    defaults: ClassVar[Mapping[str, Any]] = {"file": "", "missing": ABSENT}
    limits: ClassVar[Mapping[str, Limit]] = {"missing": (ABSENT, LAST)}

    def __init__(self, settings: Mapping[str, Any] | None = None, *, threads: int = 1) -> None:
        super().__init__(settings, threads=threads)
        self._lacking = Lacking()

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings, once it is known that they name a file."""
        checked = super().checked(settings)
        if not checked["file"]:
            raise TrailerflowError(
                "The ranker OwnScores needs its setting file: a CSV with user, movie and score."
            )
        return checked

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Read the file; nothing is learnt from the ratings.

        Raises:
            TrailerflowError: The file is missing, too large or no such table.
        """
        scores = read_scores(Path(self.settings["file"]))
        return Read(scores, self._lacking, others_last=self.settings["missing"] == LAST)

    def about(self) -> dict[str, Any]:
        """Which films and users the file lacks."""
        return {"notes": self._lacking.notes(Path(self.settings["file"]).name)}


def read_scores(path: Path) -> pd.DataFrame:
    """Read a user's file of scores.

    Args:
        path: CSV with the columns user, movie and score; a score that is empty or NaN is none.

    Returns:
        user (category), movie (category), score (float64), each user and film once.

    Raises:
        TrailerflowError: The file is missing or too large, or a row has no number or stands twice.
    """
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise TrailerflowError(
            f"{path} is larger than {MOST_BYTES:,} bytes; take the best films of each user alone."
        )
    users: list[str] = []
    movies: list[str] = []
    scores: list[float] = []
    for row, cell in csv_rows(path, ("user", "movie", "score")):
        try:
            score = float(cell["score"] or "nan")
        except ValueError:
            score = math.inf
        if math.isinf(score):
            raise TrailerflowError(
                f"{path}, row {row}: the score {clean_text(cell['score'])[:40]!r} is no finite number; correct it."
            )
        users.append(sys.intern(cell["user"]))
        movies.append(sys.intern(cell["movie"]))
        scores.append(score)
    frame = pd.DataFrame({"user": pd.Categorical(users), "movie": pd.Categorical(movies), "score": scores})
    twice = frame[frame.duplicated(["user", "movie"])]
    if len(twice):
        first = twice.iloc[0]
        raise TrailerflowError(
            f"{path} has {len(twice)} scores of a film by a user that stand there twice, the first of user {first['user']} "
            f"and film {first['movie']}; remove one of each."
        )
    return frame


class Lacking:
    """What a file of scores does not have of what was asked, over all parts."""

    def __init__(self) -> None:
        self._users: dict[str, None] = {}
        self._questions = 0
        self._first = ("", "")

    def add(self, user: str, film: str, *, known: bool) -> None:
        """A question that has films without a score.

        Args:
            user: Who is asked about.
            film: The first of these films.
            known: Whether the file has scores of the user at all.
        """
        if not known:
            self._users[user] = None
            return
        self._first = self._first if self._questions else (user, film)
        self._questions += 1

    def notes(self, file: str) -> list[str]:
        """Sentences for the reader of the table."""
        notes = []
        if self._users:
            notes.append(
                f"{file} has no score of {len(self._users)} users, the first {next(iter(self._users))}."
            )
        if self._questions:
            user, film = self._first
            notes.append(
                f"{file} has no score, or NaN, of some films of {self._questions} questions, the first film {film} of "
                f"user {user}; these questions are in no figure. The setting missing: last puts such films last."
            )
        return notes


class Read(Fitted):
    """Scores that were read.

    Args:
        scores: user, movie, score; see `read_scores`.
        lacking: Takes what is asked and not there.
        others_last: Whether films without a score stand behind the user's others.
    """

    def __init__(self, scores: pd.DataFrame, lacking: Lacking, *, others_last: bool) -> None:
        self._scores = scores
        self._lacking = lacking
        self._others_last = others_last

    def score(self, questions: Questions) -> Iterator[Scores]:
        """The score that the file has of each film; all are ``absent`` where one has none."""
        rows = self._scores.groupby("user", observed=True).indices
        films = codes_of(self._scores["movie"], questions.movies)
        values = self._scores["score"].to_numpy()
        for question in questions:
            own = rows.get(question.user, np.empty(0, np.intp))
            in_catalogue = own[films[own] != NOBODY]
            of_film = np.full(len(questions.movies), np.nan)
            of_film[films[in_catalogue]] = values[in_catalogue]
            found = of_film[question.candidates]
            missing = np.isnan(found)
            if self._others_last and own.size:
                found[missing] = _behind(values[own])
            elif missing.any():
                first = str(questions.movies[question.candidates[missing][0]])
                self._lacking.add(question.user, first, known=bool(own.size))
                found[:] = np.nan
            status = "absent" if np.isnan(found).any() else "ok"
            yield Scores(question.number, found, {"status": [status] * found.size})


def _behind(values: Floats) -> float:
    """A score below all of these; NaN where none of them is a number."""
    numbers = values[~np.isnan(values)]
    return float(numbers.min() - max(1.0, abs(numbers.min()))) if numbers.size else math.nan
