"""OMDb (the Open Movie Database): the full plot of a film."""

from __future__ import annotations

import re
from typing import Any

from trailerflow.answers import KeptAnswer
from trailerflow.movies.movie import Movie
from trailerflow.movies.records import Record, pick_record
from trailerflow.synopses.sought import Sought, of_site
from trailerflow.web.access import WebAccess
from trailerflow.web.api import ApiSite, get_json, is_about_key, no_answer, refused
from trailerflow.web.parts import text_of
from trailerflow.web.reading import told

SITE = ApiSite(
    name="www.omdbapi.com",
    address="https://www.omdbapi.com",
    pause_seconds=0.2,  # it names no rate, only a number a day
    requests_per_day=1000,
    key_parameter="apikey",
    key_variable="OMDB_API_KEY",
    spent_words="Request limit reached",
)
LICENCE = "From OMDb (https://www.omdbapi.com), CC BY-NC 4.0: name the source, and make no money with it."

_NOTHING = "N/A"
_NOT_FOUND = "not found"
_YEAR_FIRST = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"tt[0-9]{5,12}")


def find_plot(web: WebAccess, movie: Movie) -> Sought:
    """A film's plot: looked up by each of its titles in its year, then by its title alone.

    Args:
        web: Where answers and the pace are kept.
        movie: With its title, and its year where known.

    Raises:
        LaterError: OMDb does not answer now, or the day's requests are spent.
        TrailerflowError: The key is missing or refused.
    """
    answers: list[str] = []
    for query in _queries(movie):
        kept, cached = get_json(web, SITE, "/", query)
        record = _record(kept)
        answers.append(str(kept.path))
        if record is None or pick_record(movie, [record]) is None:
            continue
        plot = " ".join(text_of(kept.answer.get("Plot")).split())
        if plot in ("", _NOTHING):
            return Sought(reason="OMDb has no plot of it", answers=answers)
        page = f"{SITE.address}/?i={record.key}&plot=full"
        return Sought(plot, source=of_site("OMDb", page, LICENCE, kept, cached), answers=answers)
    return Sought(reason="OMDb does not know it", answers=answers)


def _queries(movie: Movie) -> list[dict[str, str]]:
    in_its_year = (
        [{"t": name, "y": str(movie.year)} for name in movie.titles()] if movie.year is not None else []
    )
    queries = [*in_its_year, {"t": movie.titles()[0]}]
    return [query | {"type": "movie", "plot": "full"} for query in queries]


def _record(kept: KeptAnswer) -> Record[str] | None:
    """The film of an answer, or None where OMDb has none, or gives it a number that is none.

    Raises:
        LaterError: The answer tells of a fault.
        TrailerflowError: The key is refused.
    """
    answer: dict[str, Any] = kept.answer or {}
    if answer.get("Response") != "True":
        message = str(answer.get("Error"))
        if _NOT_FOUND in message:
            return None
        if is_about_key(message):
            kept.path.unlink(missing_ok=True)
            raise refused(SITE, told(message))
        raise no_answer("OMDb", kept, message)
    number = str(answer.get("imdbID"))
    year = _YEAR_FIRST.match(str(answer.get("Year")))
    if _NUMBER.fullmatch(number) is None:
        return None
    return Record(number, (str(answer.get("Title")),), int(year[0]) if year else None)
