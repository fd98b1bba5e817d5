"""What all rankers that read others share: what they read, and how they score a question."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.own_settings import Limit
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Scores, Side
from trailerflow.recommendations.rankers.fusion.blocks import Rows, rows_of_blocks
from trailerflow.recommendations.rankers.fusion.features import FEATURES, features
from trailerflow.recommendations.rankers.fusion.film_facts import FilmFacts
from trailerflow.recommendations.rankers.fusion.read_scores import ReadScores

Say = Callable[[Floats], Floats]
"""From features, shape (films, features), to scores, shape (films,)."""


class Reader(Ranker):
    """A ranker that reads others, by its setting ``reads``."""

    side: ClassVar[tuple[str, ...]] = ("archive",)
    defaults: ClassVar[Mapping[str, Any]] = {"reads": []}

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings with the defaults of the others.

        Raises:
            TrailerflowError: A setting is wrong, or no ranker is read.
        """
        found = super().checked(settings)
        names = found["reads"]
        if not names or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
            raise TrailerflowError(
                f"The ranker {cls.__name__} reads other rankers; name them in its setting reads, each once."
            )
        return found

    @classmethod
    def reads(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The rankers of the setting ``reads``."""
        return tuple(settings.get("reads", ()))

    def fused(self, train: pd.DataFrame, side: Side, groups: list[str], say: Say) -> Fused:
        """What scores a part's questions from groups of features."""
        users, films = train["user"].cat.categories, train["movie"].cat.categories
        read = ReadScores(side["scores"], self.settings["reads"], users, films)
        return Fused(read, FilmFacts.of(train, side["archive"]), groups, say)

    def equal_weights(self, table: Floats) -> Floats:
        """The mean of the standardised scores, which are the first features."""
        mean: Floats = table[:, : len(self.settings["reads"])].mean(axis=1)
        return mean


class Fused(Fitted):
    """Scores from what other rankers say.

    Args:
        read: What they say.
        facts: Facts of the films.
        groups: Groups of features.
        say: From features to scores.
    """

    def __init__(self, read: ReadScores, facts: FilmFacts, groups: list[str], say: Say) -> None:
        self._read = read
        self._facts = facts
        self._groups = groups
        self._say = say

    def score(self, questions: Questions) -> Iterator[Scores]:
        """The score of each film."""
        for question in questions:
            if not question.candidates.size:
                yield Scores(question.number, np.empty(0))
                continue
            table = features(question, self._read.of(question), self._facts, self._groups)
            yield Scores(question.number, self._say(table))


class LearnsFromBlocks(Reader):
    """A ranker that learns from the blocks before the test how far to trust others, and when.

    The rankers that it reads were fitted on what precedes each block, so that their scores there are as honest as those of
    the test. Where there is no block the scores are blended with equal weights.
    """

    defaults: ClassVar[Mapping[str, Any]] = {**Reader.defaults, "features": ["scores"], "seed": 0}
    limits: ClassVar[Mapping[str, Limit]] = {"seed": (0, 2**31 - 1)}

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings with the defaults of the others.

        Raises:
            TrailerflowError: A setting is wrong, no ranker is read, or a group of features is not known.
        """
        found = super().checked(settings)
        for group in found["features"]:
            if group not in FEATURES:
                raise TrailerflowError(
                    f"The ranker {cls.__name__}: features names {group!r}; choose among {', '.join(FEATURES)}."
                )
        if not found["features"]:
            raise TrailerflowError(
                f"The ranker {cls.__name__}: features is empty; choose among {', '.join(FEATURES)}."
            )
        return found

    @abstractmethod
    def learn(self, rows: Rows) -> Say:
        """Learn from the rows of the blocks, of which there is one at least."""

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Learn from the blocks."""
        groups = self.settings["features"]
        rows = rows_of_blocks(side, train, self.tasks, self.settings["reads"], groups)
        if not rows.groups:
            return self.fused(train, side, ["scores"], self.equal_weights)
        return self.fused(train, side, groups, self.learn(rows))
