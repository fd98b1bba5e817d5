"""What a language model is asked about whom, in ``benchmarks/language_rankers.py`` and ``language_fusion.py``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.recommendations.protocols.contract import Asked
from trailerflow.recommendations.protocols.temporal import Temporal
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Floats, Side
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.recommendations.splits.contract import TABLES, TEST, Part
from trailerflow.tables import read_table

SPLIT = "leave_last"
SEED = 0

MOST_WORDS = 150
"""More of a text is not told: a history of ten transcripts would not fit into the context of a small model."""


@dataclass(frozen=True)
class TextSource:
    """A table of texts.

    Attributes:
        file: Its name.
        column: Column of the text.
        least_words: Shorter texts tell nothing.
        whole: Whether a user's held-out films must all have one; else the user is asked about those that have one.
    """

    file: str
    column: str
    least_words: int
    whole: bool


SOURCES = {
    "plots": TextSource("plots_short.parquet", "plot", 1, whole=True),
    "transcripts": TextSource("trailer_transcripts.parquet", "transcript", 25, whole=False),
}


@dataclass(frozen=True)
class Setup:
    """What is asked about whom.

    Attributes:
        rankings: Folder of ``benchmarks/rankings.py``.
        data: Folder with the texts.
        source: What films are told by.
        name: The part of the split that is asked about; users are those of the test in any case.
    """

    rankings: Path
    data: Path
    source: TextSource
    name: str = TEST

    @cached_property
    def tables(self) -> SplitTables:
        """The split, all parts."""
        return SplitTables([self.rankings / "split_ratings" / SPLIT / f"{name}.parquet" for name in TABLES])

    @cached_property
    def part(self) -> Part:
        """The part with its first tie seed."""
        return next(self.tables.part(key) for key in self.tables.keys if key.part == self.name)

    @cached_property
    def asked(self) -> Asked:
        """Each user's held-out films, to be put into an order."""
        return next(asked for asked in self.part.asked if asked.protocol == Temporal.name)

    @cached_property
    def side(self) -> Side:
        """Films and their texts."""
        films = read_table(self.rankings / "fetch_catalogue/movies.parquet")
        rows = pd.read_parquet(self.data / self.source.file)
        rows = rows[rows[self.source.column].str.split().str.len() >= self.source.least_words]
        words = rows[self.source.column].str.split().str[:MOST_WORDS].str.join(" ")
        texts = pd.DataFrame({"movie": rows["item_id"].astype(str), "status": "ok", "text": words})
        return {"archive": films, "movies": films, "synopses": texts}

    @cached_property
    def users(self) -> list[str]:
        """The users in the order in which they are drawn: films that are asked about have a text, and unequal ratings."""
        truth = replace(self, name=TEST).asked.truth
        told = truth["movie"].astype(str).isin(self.side["synopses"]["movie"])
        whole = told.groupby(truth["user"], observed=True).all()
        fit = truth[told].groupby("user", observed=True)["rating"].nunique() > 1
        fit &= whole[fit.index] | (not self.source.whole)
        users = sorted(fit.index[fit].astype(str), key=int)
        order: list[str] = np.random.default_rng(SEED).permutation(users).tolist()
        return order

    def rows_of(self, rival: str) -> pd.DataFrame:
        """How a rival ranks each user's films in the part; user and movie are text."""
        rows = read_table(self.rankings / "rank_films" / SPLIT / f"{rival}.parquet")
        rows = rows[(rows["protocol"] == Temporal.name) & (rows["part"] == self.name)]
        return rows.astype({"user": str, "movie": str})

    def scores_of(self, rival: str) -> pd.Series:
        """What a rival scores each user's films, by user and movie."""
        return self.rows_of(rival).set_index(["user", "movie"])["score"]

    def films(self, users: Iterable[str]) -> list[list[tuple[str, str]]]:
        """User and movie of each film that is asked about, a list a user."""
        questions = [self.questions(user) for user in users]
        return [[(each[0].user, movie) for movie in each.movies[each[0].candidates]] for each in questions]

    def ratings(self, films: Sequence[Sequence[tuple[str, str]]]) -> list[Floats]:
        """What the users gave their films."""
        return values_of(self.asked.truth.set_index(["user", "movie"])["rating"], films)

    def questions(self, user: str) -> Questions:
        """The question about one user."""
        numbers = np.flatnonzero(self.asked.questions["user"].astype(str) == user)
        questions = Questions(self.asked.questions, self.asked.candidates, self.part.train, numbers)
        if self.source.whole:
            return questions
        told = questions.movies.isin(self.side["synopses"]["movie"])
        return questions.shortened(lambda question: question.candidates[told[question.candidates]])


def values_of(values: pd.Series, films: Sequence[Sequence[tuple[str, str]]]) -> list[Floats]:
    """The values of each user's films; the index of ``values`` is user and movie."""
    return [values.loc[own].to_numpy(dtype=float) for own in films]
