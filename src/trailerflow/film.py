"""Which record of another catalogue is the film that is meant: by titles and year, never by being the first hit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from trailerflow.text import display_title, normalised_title

YEARS_APART = 1
"""The years of production and of release, of which catalogues write the one or the other."""

_BRACKETS_LAST = re.compile(r"(?P<rest>.*\S)\s*\((?P<inside>(?:[^()]|\([^()]*\))*)\)")
_ALSO_KNOWN_AS = re.compile(r"^a\.?k\.?a\.?\s+", re.IGNORECASE)

Key = TypeVar("Key")


@dataclass(frozen=True)
class Record(Generic[Key]):
    """A film as another catalogue describes it.

    Attributes:
        key: What the asker knows it by.
        titles: Its titles there, the main one first.
        year: Year of release, or None where not known.
    """

    key: Key
    titles: tuple[str, ...]
    year: int | None


@dataclass(frozen=True)
class Film:
    """A film of ours.

    Attributes:
        title: Title as MovieLens writes it: the article behind, alternative titles in brackets.
        year: Year of release, or None where not known.
    """

    title: str
    year: int | None

    def titles(self) -> list[str]:
        """Its titles as people say them, the main one first.

        >>> Film("Postman, The (Postino, Il)", 1994).titles()
        ['The Postman', 'Il Postino']
        """
        title, alternatives = " ".join(self.title.split()), list[str]()
        while found := _BRACKETS_LAST.fullmatch(title):
            title = found["rest"]
            alternatives.insert(0, _ALSO_KNOWN_AS.sub("", found["inside"].strip()))
        return [display_title(name) for name in [title, *alternatives] if name]

    def pick(self, records: Iterable[Record[Key]]) -> Key | None:
        """Key of the record that is this film.

        A title of the record must be one of the film's, and the years must be at most `YEARS_APART`. The same year
        goes before another, the record's main title before its others. Where years do not settle it (they differ, or
        the film has none) and several records fit equally, nobody knows which is meant.

        Args:
            records: In the other catalogue's order, which decides between films of one title and year.

        Returns:
            The key, or None where no record is surely the film.
        """
        fitting = [(rank, record) for record in records if (rank := self._rank(record)) is not None]
        if not fitting:
            return None
        best, record = min(fitting, key=lambda pair: pair[0])
        settled = self.year is not None and record.year == self.year
        if not settled and sum(rank == best for rank, _ in fitting) > 1:
            return None
        return record.key

    def _rank(self, record: Record[Key]) -> tuple[int, int] | None:
        """How far a record is from this film, the least the nearest; None where it is another film."""
        # With its brackets the title counts as well: "Birdman or (The Unexpected Virtue of Ignorance)".
        ours = {normalised_title(name) for name in [self.title, *self.titles()]} - {""}
        places = [place for place, title in enumerate(record.titles) if normalised_title(title) in ours]
        if not places:
            return None
        if self.year is None:
            return 0, places[0]
        if record.year is None or abs(record.year - self.year) > YEARS_APART:
            return None
        return abs(record.year - self.year), places[0]
