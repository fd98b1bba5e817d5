"""The films of an archive as a person names them: by id, or by title and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.movies.forms import spelled_title
from trailerflow.movies.titles import display_title, split_title, title_names


@dataclass(frozen=True)
class Film:
    """One film.

    Attributes:
        id: Its id; the first one where it has several.
        title: As people say it.
        year: Of release, None where it is not known.
        genres: What the archive says.
    """

    id: str
    title: str
    year: int | None
    genres: frozenset[str]

    @property
    def name(self) -> str:
        """Title and year."""
        return f"{self.title} ({self.year})" if self.year else self.title


class Films:
    """All films of an archive, each once.

    Args:
        archive: movie, title, year, duplicate_of and the genres.
    """

    def __init__(self, archive: pd.DataFrame) -> None:
        self._films: dict[str, Film] = {}
        self._first: dict[str, str] = {}
        self._titled: dict[str, list[str]] = defaultdict(list)
        for row in archive.to_dict("records"):
            movie = str(row["movie"])
            if not pd.isna(row["duplicate_of"]):
                self._first[movie] = str(row["duplicate_of"])
                continue
            genres = frozenset(name for name in GENRES if row[name] is True)
            year = None if pd.isna(row["year"]) else int(row["year"])
            self._films[movie] = Film(movie, display_title(str(row["title"])), year, genres)
            for form in {spelled_title(name) for name in title_names(str(row["title"]))} - {""}:
                self._titled[form].append(movie)

    def __getitem__(self, movie: str) -> Film:
        return self._films[self._first.get(movie, movie)]

    def __contains__(self, movie: str) -> bool:
        return self._first.get(movie, movie) in self._films

    def __iter__(self) -> Iterator[Film]:
        return iter(self._films.values())

    def titled(self, title: str, year: int | None) -> list[Film]:
        """The films of a title in any of its forms, of this year where one is given.

        Args:
            title: The title, which may end with the year in brackets.
            year: Of release.
        """
        bare, own_year = split_title(title)
        year = own_year if year is None else year
        found = {movie for name in title_names(bare) for movie in self._titled.get(spelled_title(name), ())}
        films = [self._films[movie] for movie in sorted(found)]
        return [film for film in films if year is None or film.year == year]
