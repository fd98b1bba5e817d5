"""What a protocol is: which films are asked about for whom, and by what its rankings are judged."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

Task = Literal["order", "find"]
"""``order``: the candidates are the truth, and their order is judged by the ratings. ``find``: the truth lies among other
candidates, and where it comes is judged."""

ORDER: Task = "order"
FIND: Task = "find"

LISTED = "listed"
CATALOGUE = "catalogue"
"""Rules for the candidates of a question: the user's own rows of the candidates, or the rows of nobody (they are shared)
without the films that the training part has of this user."""

DRAWN = "llm"
"""Set of the users who are drawn for costly rankers, such as language models; the others are of the set ``all``."""


@dataclass(frozen=True)
class Settings:
    """What a user sets for splits and protocols.

    Attributes:
        held_out: Ratings held out of each user.
        history: Ratings of this run's films that a user must have besides the held-out ones.
        llm_users: Users to draw for costly rankers, of each part; 0 where no such ranker ranks.
        seed: Seed of the draw.
        tie_seeds: Over how many orders of the ratings of one second figures are means.
    """

    held_out: int
    history: int
    llm_users: int
    seed: int
    tie_seeds: int = 1


@dataclass(frozen=True)
class Asked:
    """What one protocol asks about one part of a split.

    Attributes:
        protocol: Name of the protocol.
        task: What its rankings are judged by.
        questions: One row a user: user, timestamp (the time at which is asked), rule (`LISTED` or `CATALOGUE`).
        candidates: user, movie, in the order in which they are shown; without a user where all share them.
        truth: The held-out ratings: user, movie, rating, timestamp.
        users: user, set (`DRAWN` or ``all``).
        notes: Sentences for the reader of the tables.
    """

    protocol: str
    task: Task
    questions: pd.DataFrame
    candidates: pd.DataFrame
    truth: pd.DataFrame
    users: pd.DataFrame
    notes: tuple[str, ...] = ()


class Protocol(ABC):
    """How users are asked about the held-out ratings of a split.

    Attributes:
        name: Its name in tables.
        source: Where it comes from.
        task: What its rankings are judged by.
    """

    name: str
    source: ClassVar[str]
    task: ClassVar[Task]

    @abstractmethod
    def ask(self, train: pd.DataFrame, held_out: pd.DataFrame, settings: Settings) -> Asked:
        """Make the questions about one part.

        Args:
            train: What rankers may know: user, movie, rating, timestamp.
            held_out: The held-out ratings, the same columns, user by user.
            settings: What the user set.
        """


def first_times(held_out: pd.DataFrame) -> pd.DataFrame:
    """Each user with the time of the first held-out rating, in the order of the ratings: user, timestamp."""
    return held_out.groupby("user", sort=False, observed=True, as_index=False)["timestamp"].min()


def asked_at_the_end(asked: Asked, train: pd.DataFrame) -> Asked:
    """Ask after all that is known of a user, for splits that do not go by time.

    Args:
        asked: What a protocol asks.
        train: What rankers may know: user, timestamp.
    """
    last = train.groupby("user", observed=True)["timestamp"].max()
    times = asked.questions["user"].map(last.to_dict()).fillna(asked.questions["timestamp"])
    return replace(asked, questions=asked.questions.assign(timestamp=times.astype("int64")))


def drawn_users(users: pd.Series, settings: Settings, eligible: pd.Series | None = None) -> pd.DataFrame:
    """Draw users for costly rankers; a larger draw with the same seed holds the smaller one.

    So answers that were paid for are met again.

    Args:
        users: All users who are asked about.
        settings: How many are drawn, and the seed.
        eligible: Whether each of them may be drawn; None where all may.

    Returns:
        user, set.
    """
    able = users if eligible is None else users[eligible]
    order = np.random.default_rng(settings.seed).permutation(able.astype(str).to_numpy())
    drawn = set(order[: settings.llm_users])
    return pd.DataFrame({"user": users, "set": [DRAWN if user in drawn else "all" for user in users]}).astype(
        {"set": str}
    )
