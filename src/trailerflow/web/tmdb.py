"""TMDB (The Movie Database): its number of a film, the overview and the videos it lists."""

from __future__ import annotations

import re
from typing import Any

from trailerflow.answers import KeptAnswer
from trailerflow.movies.movie import Movie
from trailerflow.movies.records import Record, pick_record
from trailerflow.web.access import WebAccess
from trailerflow.web.api import ApiSite, get_json, no_answer
from trailerflow.web.parts import number_of, records_of, text_of

SITE = ApiSite(
    name="api.themoviedb.org",
    address="https://api.themoviedb.org/3",
    pause_seconds=0.05,  # it lets about 40 requests a second pass
    key_parameter="api_key",
    key_variable="TMDB_API_KEY",
)
ENGLISH = "en"
TYPES = ("Trailer", "Teaser")
"""Types of the videos that are taken, the best first."""

_YEAR_FIRST = re.compile(r"[0-9]{4}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def find_movie(web: WebAccess, movie: Movie) -> tuple[int | None, list[str]]:
    """TMDB's number of a film: the results of its release year are looked through, then those of all years.

    Args:
        web: Where answers and the pace are kept.
        movie: With its title, and its year where known.

    Returns:
        The number, or None where no result is surely the film; and the files of the answers.

    Raises:
        LaterError: TMDB does not answer now.
        TrailerflowError: The key is missing or refused.
    """
    of_all_years = {"query": movie.titles()[0]}
    queries = [of_all_years | {"primary_release_year": str(movie.year)}] if movie.year is not None else []
    answers = []
    for query in [*queries, of_all_years]:
        kept, _ = get_json(web, SITE, "/search/movie", query)
        answers.append(str(kept.path))
        number = pick_record(movie, (record for result in _results(kept) if (record := _record(result))))
        if number is not None:
            return number, answers
    return None, answers


def page(number: int) -> str:
    """Address of a film's page for people."""
    return f"https://www.themoviedb.org/movie/{number}"


def overview(web: WebAccess, number: int) -> tuple[str | None, KeptAnswer, bool]:
    """TMDB's English overview of a film.

    Args:
        web: Where answers and the pace are kept.
        number: From `find_movie`.

    Returns:
        The overview, or None where it is empty; the answer it is from; and whether that was kept from before.

    Raises:
        LaterError: TMDB does not answer now.
        TrailerflowError: The key is missing or refused.
    """
    kept, cached = _details(web, number)
    text = " ".join(text_of((kept.answer or {}).get("overview")).split())
    return text or None, kept, cached


def videos(web: WebAccess, number: int) -> tuple[list[dict[str, Any]], list[str]]:
    """A film's trailers and teasers on YouTube: English ones, and where there are none, those in its own language.

    Args:
        web: Where answers and the pace are kept.
        number: From `find_movie`.

    Returns:
        ``id`` (YouTube's, as TMDB writes it), ``name``, ``language`` and ``published`` of each, trailers first and
        official ones first among them; and the files of the answers.

    Raises:
        LaterError: TMDB does not answer now.
        TrailerflowError: The key is missing or refused.
    """
    found, kept = _videos(web, number, ENGLISH)
    answers = [str(kept.path)]
    if found:
        return found, answers
    details, _ = _details(web, number)
    answers.append(str(details.path))
    own = _language((details.answer or {}).get("original_language"))
    if own is None or own == ENGLISH:
        return [], answers
    found, kept = _videos(web, number, own)
    return found, [*answers, str(kept.path)]


def _details(web: WebAccess, number: int) -> tuple[KeptAnswer, bool]:
    return get_json(web, SITE, f"/movie/{number}", {"language": ENGLISH})


def _videos(web: WebAccess, number: int, language: str) -> tuple[list[dict[str, Any]], KeptAnswer]:
    kept, _ = get_json(web, SITE, f"/movie/{number}/videos", {"language": language})
    wanted = [
        video for video in _results(kept) if video.get("site") == "YouTube" and video.get("type") in TYPES
    ]
    wanted.sort(key=lambda video: (TYPES.index(video["type"]), not video.get("official")))
    found = [
        {
            "id": text_of(video.get("key")),
            "name": text_of(video.get("name")) or None,
            "language": _language(video.get("iso_639_1")),
            "published": text_of(video.get("published_at")) or None,
        }
        for video in wanted
    ]
    return found, kept


def _results(kept: KeptAnswer) -> list[dict[str, Any]]:
    """The results of an answer.

    Raises:
        LaterError: It has no list of them, so it tells of a fault.
    """
    answer: dict[str, Any] = {"results": []} if kept.answer is None else kept.answer
    if not isinstance(answer.get("results"), list):
        raise no_answer("TMDB", kept, answer.get("status_message"))
    return records_of(answer["results"])


def _language(code: Any) -> str | None:
    return code if isinstance(code, str) and _LANGUAGE.fullmatch(code) else None


def _record(result: dict[str, Any]) -> Record[int] | None:
    number, year = number_of(result.get("id")), _YEAR_FIRST.match(text_of(result.get("release_date")))
    titles = (text_of(result.get("title")), text_of(result.get("original_title")))
    return None if number is None else Record(number, titles, int(year[0]) if year else None)
