"""The ranker ``popularity_recent``: a film's number of ratings in the days before the question."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import Codes, Questions
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Scores, Side
from trailerflow.search.choices import Between

_SECONDS_A_DAY = 86400


class PopularityRecent(Ranker):
    """Films by how often they were rated in the last ``days`` before the question's time."""

    source = "Ji et al., A Re-visit of the Popularity Baseline in Recommender Systems, SIGIR 2020"
    defaults = {"days": 30.0}  # noqa: RUF012
    limits = {"days": (0.01, 36500.0)}  # noqa: RUF012
    space = {"days": Between(1.0, 365.0, log=True)}  # noqa: RUF012

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Put the ratings into the order of their times."""
        ordered = train.sort_values("timestamp", kind="stable")
        return Window(
            ordered["timestamp"].to_numpy(np.int64),
            ordered["movie"].cat.codes.to_numpy().astype(np.intp),
            len(train["movie"].cat.categories),
            self.settings["days"] * _SECONDS_A_DAY,
        )


class Window(Fitted):
    """Ratings in order of time.

    Args:
        times: Shape (ratings,), in seconds.
        movies: Codes of the films, shape (ratings,).
        films: Number of films.
        seconds: Length of the window.
    """

    def __init__(self, times: npt.NDArray[np.int64], movies: Codes, films: int, seconds: float) -> None:
        self._times = times
        self._movies = movies
        self._films = films
        self._seconds = seconds

    def score(self, questions: Questions) -> Iterator[Scores]:
        """A film's count in the window that ends at the question's time."""
        for question in questions:
            first = np.searchsorted(self._times, question.time - self._seconds, side="right")
            last = np.searchsorted(self._times, question.time, side="right")
            counts = np.bincount(self._movies[first:last], minlength=self._films)
            yield Scores(question.number, counts[question.candidates].astype(float))
