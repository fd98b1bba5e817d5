"""Which rows of the trailer table belong to which movies: by title, alternative titles and year.

The table numbers its films as MovieLens-20M does, MovieLens-100K in its own way, and a user's table in any: titles and
years are all that they share. MovieLens writes ``Postman, The (Postino, Il) (1994)``: the article behind, then
alternative titles, then the year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trailerflow.movies.forms import normalised_title, spelled_title
from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import split_title, title_names
from trailerflow.trailers.finding.trailer_table import TableRow

TITLE = "title and year"
ALTERNATIVE = "alternative title and year"
SPELLING = "spelling and year"
TITLE_APART = "title, a year apart"
ALTERNATIVE_APART = "alternative title, a year apart"
PART = "part of the title and year"
TITLE_ALONE = "title alone"
WAYS = (TITLE, ALTERNATIVE, SPELLING, TITLE_APART, ALTERNATIVE_APART, PART, TITLE_ALONE)
"""How a row may match a movie, the best way first.

A spelling is the same but for its article and spaces and how its numbers are written (``Underneath, The``, ``Duo luo
tian shi``, ``Rocky 2``). A part stands before
or after a colon, a dash or a possessive (``Star Wars: Episode VI - Return of the Jedi``), or the title is the same but
for a number before a colon (``Star Trek II: The Wrath of Khan``). The title alone counts where a movie has no year.
"""

_SURE_WAYS = (TITLE, ALTERNATIVE)
_YEARS_APART = 1  # the years of production and of release, of which either may be written

_BETWEEN_PARTS = re.compile(r":\s+|\s+-\s+")
_AFTER_POSSESSIVE = re.compile(r".+?['’]s (?P<rest>.+)")
_NUMBER_BEFORE_COLON = re.compile(r"\s+(?:[IVX]+|[0-9]+)(?=:\s)")


class Match(NamedTuple):
    """A trailer for a movie.

    Attributes:
        youtube: Id of the trailer.
        title: Title of the table's row.
        match: How it matched, one of `WAYS`.
    """

    youtube: str
    title: str
    match: str


class Matches(NamedTuple):
    """What was found for a catalogue.

    Attributes:
        trailers: Trailers of each movie that has any, in the order of preference.
        ambiguous: Ids of the movies that were left out because their title fits several films.
    """

    trailers: dict[str, list[Match]]
    ambiguous: list[str]


@dataclass(frozen=True)
class _Film:
    """The forms of a film's titles in which two spellings of it meet.

    Attributes:
        main: The title before the brackets, normalised.
        titles: It and the alternative titles, normalised.
        spellings: The loosest form of each.
        parts: Parts of these that may be titles by themselves, two words or more, normalised.
        year: Year, or None where not known.
    """

    main: str
    titles: frozenset[str]
    spellings: frozenset[str]
    parts: frozenset[str]
    year: int | None

    def forms(self) -> frozenset[str]:
        """All of them, for the index."""
        return self.titles | self.spellings | self.parts


def match_trailers(rows: Iterable[TableRow], movies: Sequence[Movie]) -> Matches:
    """Join the table with a catalogue.

    A movie takes the rows that fit it in the best way of `WAYS`; only by title and year may they be several. A row that
    is some movie's by title and year is nobody else's by less: it is the trailer of a film of that name from the year
    before. Where less fits several trailers, or a row several films of the catalogue, nobody knows which is meant, and
    the movie is left out. Several ids of one film in the catalogue share its trailer.

    Args:
        rows: Films of the table.
        movies: Movies of the catalogue.
    """
    table = [(row, _film_of(row.title)) for row in rows]
    films = {movie.id: _film_of(movie.title, movie.year) for movie in movies}
    fits = _fits(films, table)
    first = {movie: _best(films[movie], found, table) for movie, found in fits.items()}
    claimed = {place for way, places in first.values() if way in _SURE_WAYS for place in places}
    free = {
        movie: {place: way for place, way in found.items() if place not in claimed}
        for movie, found in fits.items()
    }
    taken = {
        movie: choice if choice[0] in _SURE_WAYS else _best(films[movie], free[movie], table)
        for movie, choice in first.items()
    }
    trailers = {
        movie: _distinct(Match(*table[place][0], way) for place in places)
        for movie, (way, places) in taken.items()
        if places
    }
    ambiguous = _several_trailers(trailers) | _several_films(films, taken)
    return Matches(
        {movie: found for movie, found in trailers.items() if movie not in ambiguous},
        [movie for movie in films if movie in ambiguous],
    )


def _film_of(title: str, year: int | None = None) -> _Film:
    """The forms of a title as MovieLens writes it.

    Args:
        title: Title, with alternative titles and the year in brackets where it has them.
        year: Year of release, where the title does not bear it.
    """
    title, own_year = split_title(title)
    names = title_names(title)
    titles = [form for name in names if (form := normalised_title(name))]
    return _Film(
        main=normalised_title(names[0]) if names else "",
        titles=frozenset(titles),
        spellings=frozenset(map(spelled_title, names)) - {""},
        parts=frozenset(part for name in names for part in _parts(name)),
        year=own_year if year is None else year,
    )


def _parts(title: str) -> set[str]:
    """Parts of a title that may be titles by themselves: not single words, which name many films."""
    pieces = _BETWEEN_PARTS.split(title)
    if found := _AFTER_POSSESSIVE.fullmatch(title):
        pieces.append(found["rest"])
    pieces.append(_NUMBER_BEFORE_COLON.sub("", title))
    return {form for piece in pieces if " " in (form := normalised_title(piece))}


def _fits(films: Mapping[str, _Film], table: Sequence[tuple[TableRow, _Film]]) -> dict[str, dict[int, str]]:
    """For each movie the places in the table of the rows that fit it, in their order, and how."""
    places: dict[str, set[int]] = defaultdict(set)
    for place, (_, film) in enumerate(table):
        for form in film.forms():
            places[form].add(place)
    fits = {}
    for movie, film in films.items():
        near = sorted({place for form in film.forms() for place in places.get(form, ())})
        fits[movie] = {place: way for place in near if (way := _way(film, table[place][1]))}
    return fits


def _way(movie: _Film, film: _Film) -> str | None:
    """How a film of the table fits a movie, or None."""
    same_title = movie.main == film.main and movie.main != ""
    if movie.year is None:
        return TITLE_ALONE if same_title else None
    if film.year is None or abs(movie.year - film.year) > _YEARS_APART:
        return None
    same_year = movie.year == film.year
    if same_title:
        return TITLE if same_year else TITLE_APART
    if movie.titles & film.titles:
        return ALTERNATIVE if same_year else ALTERNATIVE_APART
    return _looser_way(movie, film) if same_year else None


def _looser_way(movie: _Film, film: _Film) -> str | None:
    """How two films of one year are one, though no title of theirs is the same; or None."""
    if movie.spellings & film.spellings:
        return SPELLING
    return PART if movie.titles & film.parts or movie.parts & film.titles else None


def _best(
    movie: _Film, fits: Mapping[int, str], table: Sequence[tuple[TableRow, _Film]]
) -> tuple[str, list[int]]:
    """The best way in which rows fit a movie, and the places of these rows in the table."""
    if not fits:
        return "", []
    best = min(fits.values(), key=WAYS.index)
    places = [place for place, way in fits.items() if way == best]
    # "Black Rain" and "Black Rain (Kuroi ame)" are two films of 1989: who writes one does not mean the other.
    return best, [place for place in places if table[place][1].titles == movie.titles] or places


def _distinct(matches: Iterable[Match]) -> list[Match]:
    """Each trailer once: the table may give one to two films."""
    first: dict[str, Match] = {}
    for match in matches:
        first.setdefault(match.youtube, match)
    return list(first.values())


def _several_trailers(trailers: Mapping[str, list[Match]]) -> set[str]:
    """Movies whose title fits several trailers by less than title and year."""
    return {movie for movie, found in trailers.items() if found[0].match != TITLE and len(found) > 1}


def _several_films(films: Mapping[str, _Film], taken: Mapping[str, tuple[str, list[int]]]) -> set[str]:
    """Movies that share a row with another film of the catalogue, by less than title and year."""
    takers: dict[int, list[str]] = defaultdict(list)
    for movie, (way, places) in taken.items():
        for place in places if way not in _SURE_WAYS else []:
            takers[place].append(movie)
    return {
        movie
        for sharing in takers.values()
        if len({(films[movie].main, films[movie].year) for movie in sharing}) > 1
        for movie in sharing
    }
