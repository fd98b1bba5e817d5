"""What a split is: a family of ways to cut the ratings into what may be known and what is asked.

All splits stand under one ``split``, as scikit-learn's do; a split yields its parts one after another, so that the
ratings of one part are in memory at a time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from trailerflow.own_settings import Limit, checked_settings
from trailerflow.recommendations.protocols.contract import Asked, Protocol, Settings

TABLES = ("train", "validation", "candidates", "truth", "users", "questions")
"""Names of the tables that hold a split, all its parts below each other."""

TEST = "test"
"""Part that figures are made of. Others are for settings and for what is trained on rankings (blocks before the test)."""

TIES_BY_ID = -1
"""In the place of a seed: ratings of one second are ordered by the film's id and not at random."""


@dataclass(frozen=True)
class Part:
    """One fit of every ranker, and all that is asked of it.

    Attributes:
        part: `TEST`, or the name of a training block.
        fold: Number of the fold, 0 where there is one.
        seed: Seed by which ties in time are broken, or `TIES_BY_ID`.
        train: What rankers are fitted on: user, movie, rating, timestamp, a user's in order of time.
        validation: What they may choose settings by: the same columns.
        known: Ratings that are told with a question only, of users whom no ranker is fitted on: the same columns.
        asked: What each protocol asks.
        notes: Sentences for the reader of the tables.
    """

    part: str
    fold: int
    seed: int
    train: pd.DataFrame
    validation: pd.DataFrame
    known: pd.DataFrame
    asked: tuple[Asked, ...]
    notes: tuple[str, ...] = ()


class Split(ABC):
    """A family of splits.

    Args:
        settings: Its own settings; what is left out has its default.

    Attributes:
        name: Its name in the register.
        source: Where it comes from.
        as_released: Whether it gets all ratings as they were released and in that order, films under a second id too, with
            the column fold; for protocols of other work, whose figures were made so.
        of_run: Whether its candidates are films of this run, which have texts; language models rank on such splits alone.
        defaults: Its own settings with their defaults; ``file`` is a file of the user that its job reads.
        limits: What the settings may be; see `trailerflow.own_settings`.
        protocols: What is asked about each of its parts.
    """

    name: ClassVar[str]
    source: ClassVar[str]
    as_released: ClassVar[bool] = False
    of_run: ClassVar[bool] = False
    defaults: ClassVar[Mapping[str, Any]] = {}
    limits: ClassVar[Mapping[str, Limit]] = {}
    protocols: tuple[Protocol, ...] = ()

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        self.settings = self.checked(settings or {})

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings with the defaults of the others.

        Raises:
            TrailerflowError: A setting is not known, of another type, or outside its limit.
        """
        return checked_settings(f"The split {cls.name}", settings, cls.defaults, cls.limits)

    @abstractmethod
    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """Yield the parts, the blocks of a fold and seed before its test.

        Args:
            ratings: user, movie, rating, timestamp, each user and film once, in order of user, time and film;
                users and films are categories, in the order of `natural_order`. See `as_released` for another form.
            movies: The films of this run: movie.
            common: What the user set for all splits.
        """


def nobody_asked(ratings: pd.DataFrame, seed: int, notes: tuple[str, ...]) -> Part:
    """A test without a question, for a split that leaves no user; its notes say why."""
    nothing = ratings.head(0)
    return Part(TEST, 0, seed, ratings, validation=nothing, known=nothing, asked=(), notes=notes)
