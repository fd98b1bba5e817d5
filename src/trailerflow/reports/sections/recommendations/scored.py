"""The scores of rankers as the page shows them: question by question, the best ranker first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailerflow.reports.figures import Figure
from trailerflow.reports.rows import groups
from trailerflow.reports.values import counted, is_missing, number, text
from trailerflow.row_kinds import CHANCE, ORACLE, REFERENCE, SYSTEM

if TYPE_CHECKING:
    import pandas as pd

METRICS: dict[str, str] = {
    "ndcg": "NDCG",
    "pair_accuracy": "Pair accuracy",
    "recall": "Recall",
    "hit_rate": "Hit rate",
    "precision": "Precision",
    "map": "MAP",
    "mrr": "MRR",
    "ndcg_linear": "Linear NDCG",
}
"""Metrics of how right a ranking is, with their headings; the first is the one by which rankers are put into an order."""

SHOWN: dict[str, str] = {
    "candidate_recall": "Candidate recall",
    "distinct_films": "Distinct films",
    "coverage": "Coverage",
    "novelty": "Novelty, bits",
    "diversity": "Diversity",
    "popularity": "Popularity",
    "popularity_bias": "Less the user's own",
}
"""Metrics of what is shown, whether it is right or not."""

MAIN = "ndcg"
SECOND = ("pair_accuracy", "recall")
"""The metrics in which rankers are compared: NDCG, and pairs of films or, where films are sought, recall."""

BY_ID = "by_id"
"""Arm in which ratings of one second are put into an order by the film's id."""

ALL = "all"
"""Set of all users."""

SETS: dict[str, str] = {"llm": "the users drawn for the LLM", ALL: "all test users"}

Key = tuple[str, str]
"""A metric and its cut-off, as texts."""


def heading(key: Key) -> str:
    """What a metric is called.

    >>> heading(("ndcg", "10")), heading(("pair_accuracy", ""))
    ('NDCG@10', 'Pair accuracy')
    """
    metric, k = key
    name = (METRICS | SHOWN).get(metric, metric)
    return f"{name}@{int(float(k))}" if k and metric not in SHOWN else name


@dataclass(frozen=True)
class Place:
    """What a table of rankers is about.

    Attributes:
        split: How the ratings were split.
        protocol: What was asked about them.
        ties: How ratings of one second were put into an order.
        users_set: About which users.
        apart: Whether ties are broken by id here, and at random in the same questions elsewhere.
    """

    split: str
    protocol: str
    ties: str
    users_set: str
    apart: bool

    @property
    def users(self) -> str:
        """The users, in words."""
        return SETS.get(self.users_set, self.users_set)

    @property
    def question(self) -> str:
        """What was asked of the rankers."""
        return f"{self.split}, {self.protocol}" + (", ties by id" if self.apart else "")

    @property
    def name(self) -> str:
        """A name for links."""
        return f"{self.split}-{self.protocol}-{self.ties}-{self.users_set}"


@dataclass(frozen=True, eq=False)
class Ranked:
    """One ranker in one place.

    Attributes:
        name: Its name.
        kind: Whether it is a ranker of this run or there to be compared with.
        rows: Its row of the table of scores for each metric.
    """

    name: str
    kind: str
    rows: Mapping[Key, Mapping[str, Any]]

    def figure(self, key: Key) -> Figure:
        """A metric with its interval."""
        row = self.rows.get(key, {})
        return Figure(*(number(row.get(name)) for name in ("value", "low", "high")))

    def less_chance(self, key: Key) -> Figure:
        """The difference to chance with its interval."""
        row = self.rows.get(key, {})
        return Figure(*(number(row.get(f"difference{end}")) for end in ("", "_low", "_high")))

    def users(self, key: Key) -> int:
        """Users that it has a figure for."""
        return round(number(self.rows[key]["users"])) if key in self.rows else 0

    @property
    def note(self) -> str:
        """What a reader should know."""
        return "; ".join(dict.fromkeys(filter(None, (text(row.get("note")) for row in self.rows.values()))))


@dataclass(frozen=True, eq=False)
class Asked:
    """The rankers that were asked the same questions.

    Attributes:
        place: What they were asked.
        rankers: The best first.
        references: What they are compared with.
        keys: All metrics of the place.
    """

    place: Place
    rankers: tuple[Ranked, ...]
    references: tuple[Ranked, ...]
    keys: tuple[Key, ...]

    @property
    def best(self) -> Ranked | None:
        """The best ranker, where there is any."""
        return self.rankers[0] if self.rankers else None

    @property
    def main(self) -> Key:
        """The metric by which they stand in an order: NDCG at its largest cut-off."""
        return self.largest[MAIN]

    @property
    def compared(self) -> tuple[Key, ...]:
        """The metrics in which rankers are compared."""
        return tuple(self.largest[name] for name in (MAIN, *SECOND) if name in self.largest)

    @property
    def largest(self) -> dict[str, Key]:
        """Each metric with its largest cut-off, in the order of `METRICS` and `SHOWN`."""
        order = [*METRICS, *SHOWN]
        known = sorted(self.keys, key=lambda key: ([*order, key[0]].index(key[0]), float(key[1] or 0)))
        return {key[0]: key for key in known}

    @property
    def users(self) -> int:
        """The most users that a ranker has a figure for."""
        return max((one.users(self.main) for one in (*self.rankers, *self.references)), default=0)

    @property
    def title(self) -> str:
        """What they were asked about whom, as the end of a caption."""
        return f"for {self.place.users} ({self.place.question})"

    @property
    def seeks(self) -> bool:
        """Whether films are sought among others; else they are put into an order."""
        return SECOND[0] not in self.largest

    @property
    def words(self) -> str:
        """What was asked, in words."""
        if not self.seeks:
            return "the held-out films put into an order"
        return "the held-out films sought among others"

    @property
    def repeats(self) -> str:
        """What the figures are means over, where that is more than one."""
        rows = [row for one in self.rankers for row in one.rows.values()]
        most = {name: max((number(row.get(name)) for row in rows), default=1) for name in ("folds", "seeds")}
        said = [
            counted(round(count), noun)
            for noun, count in (("fold", most["folds"]), ("tie seed", most["seeds"]))
            if not is_missing(count) and count > 1
        ]
        return f"means over {' and '.join(said)}" if said else ""

    def reference(self, name: str) -> Ranked | None:
        """Chance or the oracle."""
        return next((one for one in self.references if one.name == name), None)

    @property
    def chance(self) -> Ranked | None:
        """What a random order gets."""
        return self.reference(CHANCE)

    @property
    def oracle(self) -> Ranked | None:
        """What the right order gets."""
        return self.reference(ORACLE)


def asked_of(metrics: pd.DataFrame) -> list[Asked]:
    """The rankers of each place, in the order of the table.

    Args:
        metrics: Scores of rankers and references.
    """
    own = metrics[metrics["row_kind"].isin([SYSTEM, REFERENCE])]
    at_random = {
        key for key, rows in groups(own, ("split", "protocol")) if (rows["ties"].map(text) != BY_ID).any()
    }
    found = []
    for key, group in groups(own, ("split", "protocol", "ties", "users_set")):
        ranked = _ranked(group)
        keys = tuple(dict.fromkeys(name for one in ranked for name in one.rows))
        split, protocol, ties, users_set = key
        apart = ties == BY_ID and (split, protocol) in at_random
        place = Place(split, protocol, ties, users_set, apart)
        asked = Asked(place, (), tuple(one for one in ranked if one.kind == REFERENCE), keys)
        if MAIN in asked.largest:
            rankers = sorted(
                (one for one in ranked if one.kind == SYSTEM), key=lambda one: _rank(one, asked.main)
            )
            found.append(Asked(asked.place, tuple(rankers), asked.references, keys))
    return found


def published_of(metrics: pd.DataFrame) -> dict[str, list[Ranked]]:
    """Published rankers by their protocol.

    Args:
        metrics: Published rows of the table of scores.
    """
    return {protocol: _ranked(group) for (protocol,), group in groups(metrics, ("protocol",))}


def _ranked(rows: pd.DataFrame) -> list[Ranked]:
    found = []
    for (name, kind), group in groups(rows, ("ranker", "row_kind")):
        by_key = {(text(row["metric"]), _cut(row["k"])): row for row in group.to_dict("records")}
        found.append(Ranked(name, kind, by_key))
    return found


def _cut(k: object) -> str:
    """A cut-off as text, however the table holds it."""
    return "" if is_missing(k) else str(round(number(k)))


def _rank(one: Ranked, key: Key) -> float:
    """The best ranker has the lowest."""
    value = one.figure(key).value
    return 1.0 if is_missing(value) else -value


def leading(all_asked: Sequence[Asked]) -> list[Asked]:
    """The places of all users, without those whose ties by id stand apart."""
    return [one for one in all_asked if one.place.users_set == ALL and not one.place.apart]
