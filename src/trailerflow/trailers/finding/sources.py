"""Where a movie's trailer may be found on the web: the user's table, GroupLens' table, TMDB, YouTube's search."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import display_title
from trailerflow.trailers.finding.picker import picked
from trailerflow.trailers.youtube import VIDEO, video_id
from trailerflow.web.access import WebAccess

if TYPE_CHECKING:
    from trailerflow.documents import SourceCandidate, VideoCandidate

SOURCES = ("table", "grouplens", "tmdb", "search")
NO_VIDEO = "its id is none of a YouTube video"
LONGEST_ID = 100


@dataclass(frozen=True)
class Found:
    """What one source says about a movie.

    Attributes:
        candidates: Videos, the best first.
        considered: What was looked at: every result of the search with its score, of the other sources what names no
            video; and why it was refused.
        reason: Why there is no candidate.
        answers: Files of the cache that hold the source's answers.
    """

    candidates: list[VideoCandidate] = field(default_factory=list)
    considered: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""
    answers: list[str] = field(default_factory=list)


def from_source(source: str, movie: Movie, web: WebAccess, table: Path | None) -> Found:
    """Ask one source for a movie's trailer.

    Args:
        source: One of `SOURCES`.
        movie: With its id, title, year and trailer.
        web: Where answers and the pace are kept.
        table: GroupLens' table as match_trailer_table wrote it, for the source ``grouplens``.

    Raises:
        LaterError: The source does not answer now.
        TrailerflowError: The row's trailer is no video, or a key is missing or refused.
    """
    ask: Callable[[], Found] = {
        "table": lambda: _from_table(movie),
        "grouplens": lambda: _from_grouplens(movie, table),
        "tmdb": lambda: _from_tmdb(movie, web),
        "search": lambda: _from_search(movie, web),
    }[source]
    return ask()


def untried(source: str, movie: Movie) -> SourceCandidate:
    """A candidate that stands for a source that is asked only where all candidates before it are gone."""
    return {"kind": "source", "source": source, "movie": movie.record(("id", "title", "year"))}


def _from_table(movie: Movie) -> Found:
    named = str(movie.trailer).strip()
    video = video_id(named)
    if video is None:
        raise TrailerflowError(
            f"Movie {movie.id}: the trailer {named!r} is no YouTube video; give its id or address, or name a file "
            "in the media column."
        )
    return Found([{"kind": "youtube", "video": video, "from": "table"}])


def _from_grouplens(movie: Movie, table: Path | None) -> Found:
    if table is None:
        raise TrailerflowError("GroupLens' table of trailers was not matched; run snakemake, which makes it.")
    rows = json.loads(table.read_text(encoding="utf-8"))["trailers"].get(movie.id, [])
    named: list[VideoCandidate] = [
        {
            "kind": "youtube",
            "video": row["youtube"],
            "from": "grouplens",
            "title": row["title"],
            "match": row["match"],
        }
        for row in rows
    ]
    return _checked(named, "GroupLens' table has no trailer of it")


def _from_tmdb(movie: Movie, web: WebAccess) -> Found:
    from trailerflow.web import tmdb

    number, answers = tmdb.find_movie(web, movie)
    if number is None:
        return Found(reason="TMDB does not know it", answers=answers)
    videos, more = tmdb.videos(web, number)
    named: list[VideoCandidate] = [
        {
            "kind": "youtube",
            "video": video["id"],
            "from": "tmdb",
            "title": video["name"],
            "language": video["language"],
        }
        for video in videos
    ]
    return _checked(named, "TMDB has no trailer of it", [*answers, *more])


def _from_search(movie: Movie, web: WebAccess) -> Found:
    from trailerflow.trailers.youtube.search import search_videos

    query = search_query(movie)
    kept, _ = search_videos(query, web)
    considered = picked(movie, kept.answer)
    for result in considered:
        if not _is_video(result["id"]):
            result["refused"] = NO_VIDEO
    found: list[VideoCandidate] = [
        {
            "kind": "youtube",
            "video": result["id"],
            "from": "search",
            "title": result["title"],
            "score": result["score"],
        }
        for result in considered
        if not result["refused"]
    ]
    reason = (
        "" if found else f"no convincing trailer among {len(considered)} results of the search for {query!r}"
    )
    return Found(found, considered, reason, [str(kept.path)])


def _checked(named: list[VideoCandidate], reason: str, answers: Sequence[str] = ()) -> Found:
    """What a source names, without what is no video: names of files are made of the ids.

    Args:
        named: Candidates.
        reason: What it means that none is left.
        answers: Files of the cache that hold the source's answers.
    """
    found = [candidate for candidate in named if _is_video(candidate["video"])]
    others = [candidate for candidate in named if not _is_video(candidate["video"])]
    considered = [
        {"id": str(other["video"])[:LONGEST_ID], "from": other["from"], "refused": NO_VIDEO}
        for other in others
    ]
    return Found(found, considered, "" if found else reason, list(answers))


def _is_video(video: Any) -> bool:
    return isinstance(video, str) and VIDEO.fullmatch(video) is not None


def search_query(movie: Movie) -> str:
    """What is searched for: the title as it is written on a poster, the year, and "trailer"."""
    year = f" {movie.year}" if movie.year else ""
    return f"{display_title(movie.title)}{year} trailer"
