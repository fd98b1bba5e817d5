"""TMDB (The Movie Database): its number of a film, the overview and the videos it lists."""

from __future__ import annotations

import re
from typing import Any

from trailerflow.answers import KeptAnswer
from trailerflow.film import Film, Record
from trailerflow.web.access import WebAccess
from trailerflow.web.api import ApiSite, get_json

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


def find_movie(web: WebAccess, title: str, year: int | None) -> tuple[int | None, list[str]]:
    """TMDB's number of a film: the results of its release year are looked through, then those of all years.

    Args:
        web: Where answers and the pace are kept.
        title: Title as MovieLens writes it.
        year: Year of release, or None where not known.

    Returns:
        The number, or None where no result is surely the film; and the files of the answers.

    Raises:
        LaterError: TMDB does not answer now.
        TrailerflowError: The key is missing or refused.
    """
    film = Film(title, year)
    of_all_years = {"query": film.titles()[0]}
    queries = [of_all_years | {"primary_release_year": str(year)}] if year is not None else []
    answers = []
    for query in [*queries, of_all_years]:
        kept, _ = get_json(web, SITE, "/search/movie", query)
        answers.append(str(kept.path))
        number = film.pick(_record(result) for result in _results(kept))
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
    text = " ".join(str((kept.answer or {}).get("overview") or "").split())
    return text or None, kept, cached


def videos(web: WebAccess, number: int) -> tuple[list[dict[str, Any]], list[str]]:
    """A film's trailers and teasers on YouTube: English ones, and where there are none, those in its own language.

    Args:
        web: Where answers and the pace are kept.
        number: From `find_movie`.

    Returns:
        ``id`` (YouTube's), ``name``, ``language`` and ``published`` of each, trailers first and official ones first
        among them; and the files of the answers.

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
    own = (details.answer or {}).get("original_language") or ENGLISH
    if own == ENGLISH:
        return [], answers
    found, kept = _videos(web, number, own)
    return found, [*answers, str(kept.path)]


def _details(web: WebAccess, number: int) -> tuple[KeptAnswer, bool]:
    return get_json(web, SITE, f"/movie/{number}", {"language": ENGLISH})


def _videos(web: WebAccess, number: int, language: str) -> tuple[list[dict[str, Any]], KeptAnswer]:
    kept, _ = get_json(web, SITE, f"/movie/{number}/videos", {"language": language})
    wanted = [
        video
        for video in _results(kept)
        if video.get("site") == "YouTube" and video.get("type") in TYPES and video.get("key")
    ]
    wanted.sort(key=lambda video: (TYPES.index(video["type"]), not video.get("official")))
    found = [
        {
            "id": video["key"],
            "name": video.get("name"),
            "language": video.get("iso_639_1"),
            "published": video.get("published_at"),
        }
        for video in wanted
    ]
    return found, kept


def _results(kept: KeptAnswer) -> list[dict[str, Any]]:
    return (kept.answer or {}).get("results") or []


def _record(result: dict[str, Any]) -> Record[int]:
    year = _YEAR_FIRST.match(result.get("release_date") or "")
    titles = (str(result.get("title") or ""), str(result.get("original_title") or ""))
    return Record(result["id"], titles, int(year[0]) if year else None)
