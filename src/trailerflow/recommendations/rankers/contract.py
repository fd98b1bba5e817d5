"""What a ranker is: it is fitted on ratings, and then gives every film of a question a score.

Films are told by their codes, their places among the categories of the training ratings. A ranker never sees the held-out
ratings.
"""

from __future__ import annotations

import argparse
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.own_settings import Limit, checked_settings
from trailerflow.recommendations.protocols.contract import FIND, ORDER, Task
from trailerflow.recommendations.questions import Codes, Question, Questions
from trailerflow.search.choices import Choice

Side = Mapping[str, pd.DataFrame]
"""Tables beside the ratings, by name: ``archive`` and ``movies`` (titles, years, genres), ``people`` (user, age, sex,
occupation; empty where the archive tells nothing of them), ``texts`` and ``vectors`` (movie, text; movie, vector; of
the films of this run that have a text), ``title_vectors`` (movie, vector; of all films of the archive), ``summaries`` and
``synopses`` (movie, status, and summary or text), and ``predicted_genres`` (movie, and a bool column for each genre;
of the films of this run).

A ranker that reads others gets ``scores`` and ``block_scores``, what they say of the part's films and of those of the blocks
before it (ranker, protocol, part, user, movie, score), and the blocks' own ``block_train``, ``block_questions`` and
``block_truth``, as the tables of a split hold them.
"""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """What a ranker says of one question's films.

    Attributes:
        question: The question's number.
        scores: Shape (candidates,), in the order of the candidates; higher is better, NaN where there is none.
        told: Further columns, a value for each candidate, of those in the ranker's ``tells``. Where a score is
            missing ``status`` must be among them; without it every film is ``ok``.
    """

    question: int
    scores: Floats
    told: Mapping[str, Sequence[Any]] = field(default_factory=dict)


class Fitted(ABC):
    """A ranker that knows its ratings."""

    @abstractmethod
    def score(self, questions: Questions) -> Iterator[Scores]:
        """Score every question's films, one `Scores` for each question; the order of the questions changes no score."""


class Ranker(ABC):
    """One way to rank films for users.

    Args:
        settings: Its own settings; what is left out has its default.
        threads: CPU threads to use.

    Attributes:
        source: Where it comes from.
        tasks: Of which tasks it is asked.
        side: Names of the tables of `Side` that it needs.
        second_pass: Whether the scores that it reads of others are those of all that they retrieved (`rank_pool`); else
            those of `rank_films`, which hold every film of a list.
        drawn_users_only: Whether it is asked about drawn users only, and never about a whole catalogue, because asking
            costs much.
        needs_log_probabilities: Whether it needs a language model that tells them.
        stand_in: Kind of the ranker that stands for it where a model tells none; empty where none does.
        keeps_parts: Whether finished parts are kept through a kill; not needed where every answer is kept anyway.
        packages: Distributions whose versions matter.
        tells: Types of the further columns of its `Scores`.
        defaults: Its own settings with their defaults; ``seed`` is that of whatever it draws, ``file`` a file of the user
            that its job reads.
        limits: What the settings may be; see `trailerflow.own_settings`.
        space: What a search may choose for its settings; empty where it is not searched.
    """

    source: ClassVar[str]
    tasks: ClassVar[tuple[Task, ...]] = (ORDER, FIND)
    side: ClassVar[tuple[str, ...]] = ()
    second_pass: ClassVar[bool] = True
    drawn_users_only: ClassVar[bool] = False
    needs_log_probabilities: ClassVar[bool] = False
    stand_in: ClassVar[str] = ""
    keeps_parts: ClassVar[bool] = True
    packages: ClassVar[tuple[str, ...]] = ()
    tells: ClassVar[Mapping[str, Any]] = {}
    defaults: ClassVar[Mapping[str, Any]] = {}
    limits: ClassVar[Mapping[str, Limit]] = {}
    space: ClassVar[Mapping[str, Choice]] = {}

    def __init__(self, settings: Mapping[str, Any] | None = None, *, threads: int = 1) -> None:
        self.settings = self.checked(settings or {})
        self.threads = threads

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings with the defaults of the others.

        Raises:
            TrailerflowError: A setting is not known, of another type, or outside its limit.
        """
        return checked_settings(f"The ranker {cls.__name__}", settings, cls.defaults, cls.limits)

    @classmethod
    def reads(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the rankers whose scores it reads by these settings (fusion, reranking); it ranks what they found."""
        return ()

    @classmethod
    def side_of(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the tables of `Side` that it needs by these settings."""
        return cls.side

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """Add what `from_arguments` reads: ``threads``, and what a ranker has of its own."""
        parser.add_argument("--threads", type=int, required=True, help="CPU threads to use")
        add_settings(parser)

    @classmethod
    def from_arguments(cls, arguments: argparse.Namespace) -> Self:
        """The ranker that a command line describes."""
        return cls(arguments.settings, threads=arguments.threads)

    @classmethod
    def saved(cls) -> type[SavedFit] | None:
        """The class of what it fits, where that can be saved and can learn of users afterwards."""
        return None

    @abstractmethod
    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Fit on ratings. Nothing is changed, here or in the arguments, so that a block is only another ``train``.

        Args:
            train: user, movie, rating, timestamp, a user's in order of time; users and films are categories.
            validation: Ratings to choose settings by, the same columns; may be empty.
            side: The tables of `side`.
        """

    def about(self) -> dict[str, Any]:
        """What is to be told of its work so far: ``models``, ``usage`` and ``notes`` of `trailerflow.tables.write_about`."""
        return {}


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the settings of a ranker to the arguments of its program."""
    parser.add_argument(
        "--settings", type=json.loads, default={}, metavar="JSON", help="settings of the ranker"
    )


@runtime_checkable
class FoldsIn(Protocol):
    """A fitted ranker that can learn of a user without being fitted again."""

    def fold_in(self, ratings: pd.DataFrame) -> Fitted:
        """The ranker with more ratings, of users it knows or does not: user, movie, rating, timestamp."""


@runtime_checkable
class Saves(Protocol):
    """A fitted ranker that can be applied later. Its files are npz, JSON, safetensors or LightGBM's text, never pickle."""

    def save(self, folder: Path) -> None:
        """Write it into a folder."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""


@runtime_checkable
@runtime_checkable
class SavedFit(Saves, Protocol):
    """A fitted ranker that is saved once, folds in users who come later, and answers for them.

    Attributes:
        films: Ids of all films, by their codes.
    """

    films: pd.Index

    def fold_in(self, ratings: pd.DataFrame) -> SavedFit:
        """See `FoldsIn`."""

    def score(self, questions: Iterable[Question]) -> Iterator[Scores]:
        """See `Fitted.score`; a list of questions is enough."""


@runtime_checkable
class LikensFilms(Protocol):
    """A fitted ranker that knows how alike films are, by which it says what a recommendation comes from."""

    def likeness_to(self, film: int, others: Codes) -> Floats:
        """How much each of the others speaks for a film, higher is more and 0 is nothing; shape (others,)."""
