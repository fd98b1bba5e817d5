"""The scores of genre systems as the page shows them: part by part, the best system first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailerflow.reports.figures import Figure
from trailerflow.reports.rows import groups
from trailerflow.reports.values import counted, is_missing, number, text
from trailerflow.row_kinds import CHANCE, CONSTANT, GLOBAL, ORACLE, REFERENCE, SYSTEM

if TYPE_CHECKING:
    import pandas as pd

MICRO, MACRO, SAMPLE = "micro", "macro", "sample"

TITLED = ", titled"
"""How the name of an arm ends that is told the film's title."""

TITLE_ALONE = "title alone"
"""Name of the arm that is told nothing else."""

PART_WORDS = {
    "cross-validation": "films of the run, each by a fit that was not trained on it",
    "held-out": "films of the run that no system was trained on",
    "extra": "texts of other films that were kept from training",
    "all": "all films of the run, by systems that learn from none",
}
"""Name of a part, and which films lie in it."""

FEW = 100
"""Films below which a sentence says how few they are."""


@dataclass(frozen=True, eq=False)
class Scored:
    """One system in one part.

    Attributes:
        system: Its name.
        arm: What it reads; empty for a row to compare with.
        kind: Whether it is a system, or there to be compared with.
        rows: Its row of the table of scores for each average and genre.
    """

    system: str
    arm: str
    kind: str
    rows: Mapping[str, Mapping[str, Any]]

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of its part."""
        return self.system, self.arm

    @property
    def name(self) -> str:
        """Its name with what it reads."""
        return f"{self.system} ({self.arm})" if self.arm else self.system

    @property
    def titled(self) -> bool:
        """Whether it is told the title, by which it may know the film."""
        return self.arm.endswith(TITLED) or self.arm == TITLE_ALONE

    @property
    def movies(self) -> int:
        """Films that it was scored on."""
        return int(self.rows[MICRO]["movies"])

    def figure(self, metric: str, label: str) -> Figure:
        """A metric of an average or genre."""
        row = self.rows.get(label, {})
        return Figure(*(number(row.get(f"{metric}{end}")) for end in ("", "_low", "_high")))

    def value(self, metric: str, label: str) -> Any:
        """A cell of the table of scores."""
        return self.rows.get(label, {}).get(metric)


@dataclass(frozen=True, eq=False)
class Part:
    """The systems that were scored on the same kind of films.

    Attributes:
        name: Its name in the tables.
        systems: The best first, by micro average precision and then by micro F1.
        references: The rows to compare with.
    """

    name: str
    systems: tuple[Scored, ...]
    references: tuple[Scored, ...]

    @property
    def movies(self) -> int:
        """The most films that a system was scored on."""
        return max(one.movies for one in self.systems)

    @property
    def untitled(self) -> tuple[Scored, ...]:
        """The systems that are not told the title; all, where all are."""
        return tuple(one for one in self.systems if not one.titled) or self.systems

    @property
    def best(self) -> Scored:
        """The best of these."""
        return self.untitled[0]

    def short_name(self, one: Scored) -> str:
        """Name of a system, with what it reads where it stands there in several ways.

        Of ways that differ in the title alone, the title alone is named.
        """
        arms = [other.arm for other in self.systems if other.system == one.system]
        if len(arms) < 2:
            return one.system
        texts = {arm.rpartition(", ")[0] for arm in arms}
        return f"{one.system} ({one.arm.rpartition(', ')[2] if len(texts) == 1 else one.arm})"

    @property
    def title(self) -> str:
        """Which films these are, as a heading."""
        return f"{self.name}: {counted(self.movies, 'film')}"

    @property
    def words(self) -> str:
        """Which films these are, in words."""
        return PART_WORDS.get(self.name, self.name)

    def reference(self, name: str) -> Scored | None:
        """The constant, chance or the oracle."""
        return next((one for one in self.references if one.system.startswith(name)), None)

    @property
    def constant(self) -> Scored | None:
        """The row of the same genres for every film."""
        return self.reference(CONSTANT)

    @property
    def chance(self) -> Scored | None:
        """The row of what chance gets."""
        return self.reference(CHANCE)

    @property
    def oracle(self) -> Scored | None:
        """The row of the right answers."""
        return self.reference(ORACLE)


def parts_of(metrics: pd.DataFrame) -> list[Part]:
    """The parts with their systems, those with most films first.

    Each system stands at one operating point, a threshold for each genre or its own decisions, and one of several seeds with
    the mean of its seeds.
    """
    shown = metrics[metrics["operating_point"].map(text) != GLOBAL]
    parts = []
    for (name,), group in groups(shown[shown["row_kind"].isin([SYSTEM, REFERENCE])], ("part",)):
        scored = [_scored(own) for _, own in groups(group, ("row_kind", "system", "arm"))]
        systems = sorted((one for one in scored if one.kind == SYSTEM), key=_rank)
        if systems:
            references = tuple(one for one in scored if one.kind == REFERENCE)
            parts.append(Part(name, tuple(systems), references))
    return sorted(parts, key=lambda part: -part.movies)


def _scored(rows: pd.DataFrame) -> Scored:
    seeds = rows["seeds"].astype(float)
    own = rows if seeds.isna().all() else rows[seeds == seeds.max()]
    by_label = {str(row["label"]): row for row in own.to_dict("records")}
    first = own.iloc[0]
    return Scored(text(first["system"]), text(first["arm"]), text(first["row_kind"]), by_label)


def _rank(one: Scored) -> tuple[float, ...]:
    """The best system has the lowest."""
    figures = (one.figure("average_precision", MICRO).value, one.figure("f1", MICRO).value)
    return tuple(1.0 if is_missing(value) else -value for value in figures)
