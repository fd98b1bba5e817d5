"""The systems of each part as what is scored and compared: one with all its seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trailerflow.genres.drawn import on_same_movies
from trailerflow.genres.judged import Judged
from trailerflow.row_kinds import RowKind


@dataclass(frozen=True)
class Contender:
    """A system in one part, with the predictions of all its seeds on the same movies."""

    runs: tuple[Judged, ...]

    @property
    def system(self) -> str:
        """Its name."""
        return str(self.runs[0].names["system"])

    @property
    def arm(self) -> str:
        """What it reads."""
        return str(self.runs[0].names["arm"])

    @property
    def row_kind(self) -> RowKind:
        """Whether it is a system of this run, or there to be compared with."""
        return self.runs[0].row_kind

    def point(self, point: str) -> str:
        """Its operating point that is compared with others at one: the only one, where it has no choice."""
        own = list(self.runs[0].decisions)
        return own[0] if len(own) == 1 else point


def contenders(judged: Sequence[Judged]) -> list[Contender]:
    """The systems of each part, those of several seeds as one."""
    groups: dict[tuple[object, ...], list[Judged]] = {}
    for one in judged:
        names = one.names
        key = (one.row_kind, *(names[name] for name in ("system", "family", "arm", "part")))
        groups.setdefault(key, []).append(one)
    return [Contender(tuple(on_same_movies(runs))) for runs in groups.values()]
