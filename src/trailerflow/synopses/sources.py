"""Where a movie's reference synopsis may be found: the user's table, TMDB, OMDb, Wikipedia."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trailerflow.movies.movie import Movie
from trailerflow.synopses.sought import Sought, of_site
from trailerflow.synopses.synopsis_table import read_synopses
from trailerflow.web.access import WebAccess

SOURCES = ("table", "tmdb", "omdb", "wikipedia")
TMDB_LICENCE = (
    "This product uses the TMDB API but is not endorsed or certified by TMDB; its terms of use limit how long its content "
    "may be kept and forbid training on it without an agreement: read them at https://www.themoviedb.org/api-terms-of-use."
)


def from_source(source: str, movie: Movie, web: WebAccess, table: Path | None) -> Sought:
    """Ask one source for a movie's synopsis.

    Args:
        source: One of `SOURCES`.
        movie: With its id, and for a site with its title and year.
        web: How the web is reached.
        table: The user's table, or None where there is none.

    Raises:
        LaterError: The source does not answer now.
        TrailerflowError: The table is faulty, or a key is missing or refused.
    """
    ask: Callable[[], Sought] = {
        "table": lambda: _from_table(movie.id, table),
        "tmdb": lambda: _from_tmdb(web, movie),
        "omdb": lambda: _from_omdb(web, movie),
        "wikipedia": lambda: _from_wikipedia(web, movie),
    }[source]
    return ask()


def _from_table(movie: str, table: Path | None) -> Sought:
    if table is None:
        return Sought(reason="no synopsis table is configured")
    text = read_synopses(table).get(movie)
    if text is None:
        return Sought(reason=f"no synopsis in {table}")
    return Sought(text, source={"table": str(table)})


def _from_tmdb(web: WebAccess, movie: Movie) -> Sought:
    from trailerflow.web import tmdb

    number, answers = tmdb.find_movie(web, movie)
    if number is None:
        return Sought(reason="TMDB does not know it", answers=answers)
    text, kept, cached = tmdb.overview(web, number)
    answers = [*answers, str(kept.path)]
    if text is None:
        return Sought(reason="TMDB has no overview of it", answers=answers)
    return Sought(
        text, source=of_site("TMDB", tmdb.page(number), TMDB_LICENCE, kept, cached), answers=answers
    )


def _from_omdb(web: WebAccess, movie: Movie) -> Sought:
    from trailerflow.synopses.omdb import find_plot

    return find_plot(web, movie)


def _from_wikipedia(web: WebAccess, movie: Movie) -> Sought:
    from trailerflow.synopses.wikipedia import find_story

    return find_story(web, movie)
