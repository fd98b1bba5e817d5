"""Which extra texts may be of a film under evaluation: those are never learnt from."""

from __future__ import annotations

from collections.abc import Iterable

from trailerflow.movies.forms import spelled_title
from trailerflow.movies.movie import Movie
from trailerflow.movies.records import YEARS_APART
from trailerflow.movies.titles import split_title


class EvaluatedFilms:
    """The films of a run, to be looked up by titles and years.

    Args:
        movies: All movies of the run.
        ids: Their ids elsewhere, as sources of extra texts write them.
    """

    def __init__(self, movies: Iterable[Movie], ids: Iterable[str] = ()) -> None:
        self._ids = frozenset(ids)
        self._whole: dict[str, set[int | None]] = {}
        self._heads: dict[str, set[int | None]] = {}
        for movie in movies:
            for title in {movie.title, *movie.titles()}:
                self._whole.setdefault(spelled_title(title), set()).add(movie.year)
                if head := head_of(title):
                    self._heads.setdefault(head, set()).add(movie.year)

    def may_hold(self, title: str, year: int | None, ids: frozenset[str] = frozenset()) -> bool:
        """Whether a text's film may be one of the run's, in doubt yes.

        A title is equal where letters and digits are, without the article, whole or up to a colon of either; the years may
        be `YEARS_APART`; where one year is not known, the title alone decides.

        Args:
            title: Title of the text's film; a year may end it.
            year: Year of release, or None.
            ids: Its ids elsewhere.
        """
        if ids & self._ids:
            return True
        bare, own_year = split_title(title)
        year = year or own_year
        for name in {bare, *Movie("", bare).titles()}:
            spelled = spelled_title(name)
            years = [self._whole.get(spelled, set()), self._heads.get(spelled, set())]
            if head := head_of(name):
                years.append(self._whole.get(head, set()))
            if any(_near(year, one) for found in years for one in found):
                return True
        return False


def head_of(title: str) -> str:
    """What stands before the colon or the dash of a title, spelled without blanks; nothing where there is neither.

    >>> head_of("Star Wars Episode IV: A New Hope"), head_of("Heat")
    ('starwarsepisode4', '')
    """
    for mark in (":", " - "):
        if mark in title:
            return spelled_title(title.split(mark, 1)[0])
    return ""


def _near(one: int | None, other: int | None) -> bool:
    return one is None or other is None or abs(one - other) <= YEARS_APART
