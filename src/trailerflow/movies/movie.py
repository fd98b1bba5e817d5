"""A movie, as it travels between tables, rules and programs: always the same type, and JSON by one writer and reader."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.movies.titles import title_names


@dataclass(frozen=True)
class Movie:
    """A movie of a run, or as much of it as a job needs.

    Attributes:
        id: Name of the movie in every path and table.
        title: Title without its year, as MovieLens writes it: the article may stand behind, alternative titles in brackets.
        year: Year of release, where known.
        genres: Some of the 18 names, or None where nobody says.
        trailer: Where the trailer is on the web, as the user's table writes it.
        media: Path of the trailer's own file, from the folder that the workflow runs in.
        release_date: As ``u.item`` writes it (``01-Jan-1995``).
        row: Row of the user's table that it stands in, the header being row 1; for messages.
    """

    id: str
    title: str = ""
    year: int | None = None
    genres: tuple[str, ...] | None = None
    trailer: str | None = None
    media: str | None = None
    release_date: str | None = None
    row: int | None = field(default=None, compare=False)

    def titles(self) -> list[str]:
        """Its titles as people say them, the main one first.

        >>> Movie("1", "Postman, The (Postino, Il)", 1994).titles()
        ['The Postman', 'Il Postino']
        """
        return title_names(self.title)

    def record(self, columns: Iterable[str]) -> dict[str, Any]:
        """These columns of it, for a document."""
        return {column: getattr(self, column) for column in columns}

    def to_json(self, columns: Iterable[str]) -> str:
        """These columns of it as JSON, for a job that uses no other: another genre then reruns nothing."""
        return json.dumps(self.record(columns), ensure_ascii=False)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Movie:
        """The movie that `record` wrote.

        Raises:
            TrailerflowError: It has no id, a column that a movie has not, or one of another type.
        """
        known = {column.name for column in fields(cls)}
        for column, value in record.items():
            if column not in known:
                raise TrailerflowError(f"A movie has no {column!r}; it may have {', '.join(sorted(known))}.")
            if not isinstance(value, _TYPES.get(column, str)) and value is not None:
                raise TrailerflowError(f"The {column} of a movie cannot be {value!r}; correct its row.")
        if not record.get("id"):
            raise TrailerflowError(
                'A movie needs its id, as in {"id": "2", "title": "GoldenEye", "year": 1995}.'
            )
        genres = record.get("genres")
        given = {column: value for column, value in record.items() if value is not None}
        return cls(**given | ({} if genres is None else {"genres": tuple(genres)}))

    @classmethod
    def from_json(cls, text: str) -> Movie:
        """The movie that `to_json` wrote.

        Raises:
            TrailerflowError: It is no JSON object, or no movie.
        """
        try:
            record = json.loads(text)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            raise TrailerflowError(f"A movie is one JSON object with its id, not {text[:100]!r}.")
        return cls.from_record(record)


def id_order(movie: str) -> tuple[bool, int, str]:
    """Order of ids: numbers by their value, then the others by their letters.

    >>> sorted(["mine", "10", "9"], key=id_order)
    ['9', '10', 'mine']
    """
    number = movie.isdecimal()
    return (not number, int(movie) if number else 0, movie)


_TYPES: dict[str, type | tuple[type, ...]] = {"year": int, "row": int, "genres": (list, tuple)}
"""Types of the columns that are no text."""
