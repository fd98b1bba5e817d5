"""Which record of another catalogue is the film that is meant: by titles and year, never by being the first hit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from trailerflow.movies.forms import normalised_title
from trailerflow.movies.movie import Movie

YEARS_APART = 1
"""The years of production and of release, of which catalogues write the one or the other."""

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


def pick_record(movie: Movie, records: Iterable[Record[Key]]) -> Key | None:
    """Key of the record that is a movie.

    A title of the record must be one of the movie's, and the years must be at most `YEARS_APART`. The same year
    goes before another, the record's main title before its others. Where years do not settle it (they differ, or
    the movie has none) and several records fit equally, nobody knows which is meant.

    Args:
        movie: With its title and year.
        records: In the other catalogue's order, which decides between films of one title and year.

    Returns:
        The key, or None where no record is surely the film.
    """
    fitting = [(rank, record) for record in records if (rank := _rank(movie, record)) is not None]
    if not fitting:
        return None
    best, record = min(fitting, key=lambda pair: pair[0])
    settled = movie.year is not None and record.year == movie.year
    if not settled and sum(rank == best for rank, _ in fitting) > 1:
        return None
    return record.key


def _rank(movie: Movie, record: Record[Key]) -> tuple[int, int] | None:
    """How far a record is from a movie, the least the nearest; None where it is another film."""
    # With its brackets the title counts as well: "Birdman or (The Unexpected Virtue of Ignorance)".
    ours = {normalised_title(name) for name in [movie.title, *movie.titles()]} - {""}
    places = [place for place, title in enumerate(record.titles) if normalised_title(title) in ours]
    if not places:
        return None
    if movie.year is None:
        return 0, places[0]
    if record.year is None or abs(record.year - movie.year) > YEARS_APART:
        return None
    return abs(record.year - movie.year), places[0]
