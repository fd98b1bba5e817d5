"""Rankers side by side: the same users, one way of breaking ties in time, every ranker that was asked about all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from trailerflow.recommendations.figures import Figures, Key, keys_of, means_of_users
from trailerflow.recommendations.judged import ALL, Judged
from trailerflow.recommendations.metrics.arrays import Flags, Floats, Numbers
from trailerflow.row_kinds import CHANCE, REFERENCE


@dataclass(frozen=True, eq=False)
class Arm:
    """The rankers of one protocol, set of users and arm of ties.

    Attributes:
        judged: The protocol.
        users_set: `ALL` or the drawn users.
        ties: How ties in time were broken.
        rankers: The figures of R rankers, chance first.
        keys: Metrics and cut-offs, K of them.
        users: The U users, as places, shape (U,).
        values: Figures by ranker, user and key, shape (R, U, K); NaN where there is none.
    """

    judged: Judged
    users_set: str
    ties: str
    rankers: Sequence[Figures]
    keys: Sequence[Key]
    users: Numbers
    values: Floats

    @property
    def place(self) -> dict[str, object]:
        """The columns that name it in tables."""
        return {
            "split": self.judged.split,
            "protocol": self.judged.protocol,
            "ties": self.ties,
            "users_set": self.users_set,
        }

    @property
    def repeats(self) -> dict[str, int]:
        """How many folds and tie seeds it has."""
        parts = np.unique(self.judged.part[self.judged.arm(self.ties)])
        keys = [self.judged.parts[part] for part in parts.tolist()]
        return {"folds": len({key.fold for key in keys}), "seeds": len({key.seed for key in keys})}

    def of(self, key: Key) -> Floats:
        """The figures of one metric, shape (U, R)."""
        return self.values[:, :, self.keys.index(key)].T

    def among(self, questions: Flags) -> Floats:
        """Figures of some of the questions alone, shape (R, U, K)."""
        return _values(
            self.judged, self.rankers, questions & _questions(self.judged, self.users_set, self.ties)
        )[:, self.users]


def arms_of(judged: Judged, rankers: Sequence[Figures]) -> Iterator[Arm]:
    """The arms of a protocol.

    The drawn users have one where they are not all users: a ranker may be asked about them alone, or read one that was.

    Args:
        judged: The protocol.
        rankers: Figures of all rankers and references, chance first.
    """
    for ties in judged.arms:
        whole = _questions(judged, ALL, ties)
        for users_set in judged.sets:
            questions = _questions(judged, users_set, ties)
            if users_set != ALL and questions.sum() in (0, whole.sum()):
                continue
            own = [one for one in rankers if one.asked[questions].all()]
            users = np.unique(judged.user[questions])
            values = _values(judged, own, questions)[:, users]
            yield Arm(judged, users_set, ties, own, keys_of(judged), users, values)


def _questions(judged: Judged, users_set: str, ties: str) -> Flags:
    questions: Flags = judged.of_set(users_set) & judged.arm(ties)
    return questions


def _values(judged: Judged, rankers: Sequence[Figures], questions: Flags) -> Floats:
    """Figures of all users, shape (R, users, K)."""
    chance = next(one for one in rankers if (one.ranker, one.row_kind) == (CHANCE, REFERENCE))
    defined = ~np.isnan(chance.values)
    return np.stack([means_of_users(one.values, defined, one.lacking, judged, questions) for one in rankers])
