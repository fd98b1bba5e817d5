"""The audit of the splits: what their tests would let a ranker know that it could not know, and whom they leave out.

Every check is a share, and a light by limits that stand in `CHECKS` with a reason: green where the figures mean what they
say, amber where a reader must know of it, red where they are of another question.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.protocols.contract import ORDER, Asked
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part

Light = Literal["green", "amber", "red"]

COLUMN_TYPES: dict[str, Any] = {
    "split": str,
    "protocol": str,
    "check": str,
    "counted": str,
    "share": float,
    "of": "Int64",
    "unit": str,
    "light": str,
    "amber_above": float,
    "red_above": float,
    "reason": str,
}
"""Columns of the audit: the share, of how many units (users, or held-out ratings, of all folds and seeds), and its light."""


@dataclass(frozen=True)
class Check:
    """One thing that is looked for.

    Attributes:
        name: Its name in the table.
        counted: What the share is of, in words.
        unit: users or ratings.
        amber_above: Shares above this are not green.
        red_above: Shares above this are red; None where none is.
        reason: Why it matters.
        whole_is_green: Whether a share of (nearly) all is green: then the split is about such cases, and not a mixture.
    """

    name: str
    counted: str
    unit: Literal["users", "ratings"]
    amber_above: float
    red_above: float | None
    reason: str
    whole_is_green: bool = False

    def light(self, share: float) -> Light:
        """The light of a share; green where there is nothing to count.

        >>> CHECKS["cold_films"].light(0.5), CHECKS["cold_films"].light(1.0)
        ('amber', 'green')
        """
        if not share > self.amber_above or (self.whole_is_green and share >= WHOLE):
            return "green"
        return "red" if self.red_above is not None and share > self.red_above else "amber"


WHOLE = 0.98
"""From this share on a split is about such cases alone."""

_CHECKS = (
    Check(
        "future",
        "test ratings of a user that are earlier than a training rating of another user",
        "users",
        0.0,
        0.05,
        "What others rated later tells what will be liked: the level is that of filling gaps, not of predicting. Rankers "
        "under one protocol share it.",
    ),
    Check(
        "film_on_both_sides",
        "test ratings whose film trains under another id, of the same user, or of anybody where the film is new",
        "ratings",
        0.0,
        0.0,
        "The rating of one id tells that of the other.",
    ),
    Check(
        "tie_at_cut",
        "users whose first test rating has the second of their last known one",
        "users",
        0.01,
        None,
        "Which rating of the second is known is chance; a mean over several seeds evens it out.",
    ),
    Check(
        "tie_by_id",
        "users of whom such a tie is broken by the film's id",
        "users",
        0.0,
        0.01,
        "High ids are late entries of the archive, so the test has other films than the training part.",
    ),
    Check(
        "same_second",
        "test ratings of a user within one second of the last known one",
        "users",
        0.05,
        0.5,
        "They were sent on one page with the known ones: a ranker that goes on with the page does well, which says little "
        "about the next visit.",
    ),
    Check(
        "cold_users",
        "users of whom no rating is known",
        "users",
        0.02,
        0.2,
        "A ranker by ratings can tell them only what everybody likes.",
        whole_is_green=True,
    ),
    Check(
        "cold_films",
        "test ratings of a film without a training rating",
        "ratings",
        0.02,
        None,
        "A ranker by ratings cannot find such a film; content can.",
        whole_is_green=True,
    ),
    Check(
        "equal_ratings",
        "users whose test ratings are all equal, where an order is asked for",
        "users",
        0.1,
        0.3,
        "No order of theirs is better than another, so they count in no figure of the order.",
    ),
    Check(
        "left_out",
        "users of the archive who are asked about nowhere",
        "users",
        0.05,
        0.5,
        "The figures are those of the others, who have rated more or at other times.",
    ),
)

CHECKS: dict[str, Check] = {check.name: check for check in _CHECKS}
"""By name, in the order of the table."""


@dataclass(frozen=True)
class Count:
    """Cases of a check: a sum of ones, or of each user's share, and how many units there are."""

    cases: float
    units: int

    def __add__(self, other: Count) -> Count:
        return Count(self.cases + other.cases, self.units + other.units)

    @property
    def share(self) -> float:
        """NaN without units."""
        return self.cases / self.units if self.units else math.nan


def audit_split(name: str, tables: SplitTables, films: pd.DataFrame, users: int) -> pd.DataFrame:
    """Audit the test parts of a split, a protocol at a time.

    Args:
        name: Name of the split.
        tables: The split.
        films: The films of the archive: movie, and duplicate_of, the first id of the same film.
        users: Users of the archive.

    Returns:
        One row per protocol and check, see `COLUMN_TYPES`; a check without units is left out.
    """
    twins = films.dropna(subset="duplicate_of")
    first_id = dict(zip(twins["movie"], twins["duplicate_of"], strict=True))
    counts: dict[str, dict[str, Count]] = {}
    asked_users: dict[str, set[str]] = {}
    for key in (key for key in tables.keys if key.part == TEST):
        part = tables.part(key)
        seen = _Seen(part, first_id)
        for asked in part.asked:
            own = counts.setdefault(asked.protocol, {})
            for check, count in seen.counts(asked):
                own[check] = own[check] + count if check in own else count
            asked_users.setdefault(asked.protocol, set()).update(asked.questions["user"].astype(str))
    for protocol, own in counts.items():
        own["left_out"] = Count(users - len(asked_users[protocol]), users)
    rows = [
        _row(name, protocol, check, own[check.name])
        for protocol, own in counts.items()
        for check in _CHECKS
        if check.name in own and own[check.name].units
    ]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _row(split: str, protocol: str, check: Check, count: Count) -> dict[str, object]:
    return {
        "split": split,
        "protocol": protocol,
        "check": check.name,
        "counted": check.counted,
        "share": count.share,
        "of": count.units,
        "unit": check.unit,
        "light": check.light(count.share),
        "amber_above": check.amber_above,
        "red_above": check.red_above,
        "reason": check.reason,
    }


class _Seen:
    """What may be known in a part.

    Args:
        part: The part; all its frames have the same categories.
        first_id: The first id of films that have several.
    """

    def __init__(self, part: Part, first_id: Mapping[str, str]) -> None:
        self._by_id = part.seed == TIES_BY_ID
        known = pd.concat([part.train, part.known])
        users, films = known["user"].cat, known["movie"].cat
        standing = pd.Index([first_id.get(film, film) for film in films.categories])
        self._film = pd.factorize(standing)[0]
        self._known_pairs = self._pairs(users.codes.to_numpy(), films.codes.to_numpy())
        train = part.train["movie"].cat.codes.to_numpy()
        self._trains = np.zeros(len(standing), bool)
        self._trains[train] = True
        self._trains_as_any = np.zeros(len(standing), bool)
        self._trains_as_any[self._film[train]] = True
        self._last = _latest(known)
        self._others = _latest_of_others(part.train)

    def counts(self, asked: Asked) -> Iterator[tuple[str, Count]]:
        """Every check of a protocol but for the users who are left out."""
        truth = asked.truth
        users = truth["user"].cat.codes.to_numpy()
        films, times = truth["movie"].cat.codes.to_numpy(), truth["timestamp"].to_numpy(float)
        yield "future", _mean_by_user(times < self._others[users], users)
        own = np.isin(self._pairs(users, films), self._known_pairs)
        new = ~self._trains[films] & self._trains_as_any[self._film[films]]
        yield "film_on_both_sides", Count(float((own | new).sum()), len(truth))
        yield "cold_films", Count(float((~self._trains[films]).sum()), len(truth))
        yield "cold_users", _mean_by_user(np.isinf(self._last[users]), users)
        told = np.isfinite(self._last[users])
        gaps, users = (times - self._last[users])[told], users[told]
        yield "same_second", _mean_by_user((gaps >= 0) & (gaps <= 1), users)
        ties = pd.Series(gaps).groupby(users).min() == 0
        yield "tie_at_cut", Count(float(ties.sum()), len(ties))
        yield "tie_by_id", Count(float(ties.sum() if self._by_id else 0), len(ties))
        if asked.task == ORDER:
            ratings = truth.groupby("user", observed=True)["rating"].nunique()
            yield "equal_ratings", Count(float((ratings == 1).sum()), len(ratings))

    def _pairs(self, users: npt.NDArray[Any], films: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Users and films as one number each, whatever id a film has."""
        pairs: npt.NDArray[np.int64] = users.astype(np.int64) * len(self._film) + self._film[films]
        return pairs


def _latest(ratings: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The time of each user's last rating by the user's code, minus infinity without one."""
    latest = np.full(len(ratings["user"].cat.categories), -np.inf)
    np.maximum.at(latest, ratings["user"].cat.codes.to_numpy(), ratings["timestamp"].to_numpy(float))
    return latest


def _latest_of_others(ratings: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The time of the last rating of all other users, by the user's code."""
    latest = _latest(ratings)
    if latest.size < 2:
        return np.full(latest.size, -np.inf)
    second, first = np.sort(latest)[-2:]
    others = np.full(latest.size, first)
    others[latest == first] = second if (latest == first).sum() == 1 else first
    return others


def _mean_by_user(cases: npt.NDArray[np.bool_], users: npt.NDArray[Any]) -> Count:
    """Each user's share of cases, summed."""
    shares = pd.Series(cases, dtype=float).groupby(users).mean()
    return Count(float(shares.sum()), len(shares))
