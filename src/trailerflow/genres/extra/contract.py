"""What every source of extra texts gives, and its genre names read as the 18 of MovieLens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES


@dataclass(frozen=True)
class ExtraText:
    """One labelled text.

    Attributes:
        id: Its name within the source.
        title: Title of its film.
        year: Year of release, where the source tells it.
        text: A plot or another text about the film.
        genres: Some of the 18 names; none where its own genres say nothing in their terms.
        ids: Ids of the film elsewhere, such as IMDb's.
    """

    id: str
    title: str
    year: int | None
    text: str
    genres: tuple[str, ...]
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Attribution:
    """Whose the texts are, for the report.

    Attributes:
        name: What the source is called.
        licence: Its licence.
        origin: Where the texts come from.
    """

    name: str
    licence: str
    origin: str


class ExtraSource(ABC):
    """A source of labelled texts.

    Args:
        path: File that it reads.
        genre_names: Table of genre names (`read_genre_names`), or None where the file has our own names.

    Attributes:
        file: Name of the file in the folder of what is fetched, of a source that is fetched like a model.
    """

    file: ClassVar[str]

    def __init__(self, path: Path, genre_names: Path | None) -> None:
        self.path = path
        self.genre_names = genre_names

    @property
    @abstractmethod
    def attribution(self) -> Attribution:
        """Whose the texts are."""

    @abstractmethod
    def read(self) -> list[ExtraText]:
        """All texts of the source.

        Raises:
            TrailerflowError: The file is missing, damaged or empty, or a genre name is not known.
        """

    def mapping(self) -> Mapping[str, tuple[str, ...]]:
        """The source's genre names and ours."""
        if self.genre_names is None:
            return {name: (name,) for name in GENRES}
        return read_genre_names(self.genre_names)

    def our_genres(self, names: Sequence[str], mapping: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Genres of the 18 that a film's names stand for, in our order.

        Raises:
            TrailerflowError: A name is not in the mapping.
        """
        found: set[str] = set()
        for name in names:
            if name not in mapping:
                table = self.genre_names or "the 18 genres of MovieLens"
                raise TrailerflowError(
                    f"{self.path} has the genre {name!r}, which {table} does not list; add a row for it "
                    "(with no genres, where it says nothing in their terms)."
                )
            found.update(mapping[name])
        return tuple(genre for genre in GENRES if genre in found)


def read_genre_names(path: Path) -> dict[str, tuple[str, ...]]:
    """Read a table of genre names.

    Args:
        path: CSV with the columns ``name`` and ``genres``: some of the 18 names with ``|`` between them, or nothing where a
            name says nothing in their terms.

    Raises:
        TrailerflowError: The table is missing or no CSV, a column or a genre is wrong, or a name stands twice.
    """
    mapping: dict[str, tuple[str, ...]] = {}
    for row, cells in csv_rows(path, ("name", "genres")):
        name = cells["name"]
        genres = tuple(part.strip() for part in cells["genres"].split("|") if part.strip())
        wrong = [genre for genre in genres if genre not in GENRES]
        if wrong or name in mapping:
            fault = f"{wrong[0]!r} is no genre of MovieLens" if wrong else f"{name!r} stands there twice"
            raise TrailerflowError(f"{path}, row {row}: {fault}; correct the row.")
        mapping[name] = genres
    return mapping
