"""find_trailer: an ordered list of where a movie's trailer can be read or heard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow import __version__
from trailerflow.errors import LaterError
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome
from trailerflow.trailers.finding.media import media_kind, preferred_first
from trailerflow.trailers.finding.sources import from_source, untried
from trailerflow.web.access import WebAccess

if TYPE_CHECKING:
    from trailerflow.documents import Candidate, Candidates

RULE = "find_trailer"


def find_trailer(
    movie: Movie,
    media: Sequence[Path],
    sources: Sequence[str],
    *,
    web: WebAccess,
    table: Path | None = None,
) -> Outcome[Candidates]:
    """List the candidates for a movie's trailer in the order in which they are tried.

    The movie's own files come first, then the sources in their order. Sources after the first that has a candidate
    are not asked: they stand at the end of the list, for the case that all candidates before them are gone.

    Args:
        movie: With its id and title, and year and trailer where the table has them.
        media: The movie's own files, as `trailerflow.trailers.finding.media.match_media` found them.
        sources: Names of `trailerflow.trailers.finding.sources.SOURCES`, in the order in which they are asked.
        web: How the web is reached.
        table: GroupLens' table as match_trailer_table wrote it.

    Returns:
        ``candidates``: kind (subtitles, audio, video, youtube, source) of each and where it is, and in ``source``
        what the sources gave beside, with scores and refusals; ``absent`` where there is none, ``later`` where a
        source does not answer now.
    """
    candidates: list[Candidate] = [
        {"kind": kind, "path": str(path)} for path in preferred_first(media) if (kind := media_kind(path))
    ]
    reasons = ["no subtitle, audio or video file of the movie is in the media folder"]
    source: dict[str, Any] = movie.record(("title", "year"))
    answers: list[str] = []
    left = [name for name in sources if name != "table" or movie.trailer]
    while left and not candidates:
        try:
            found = from_source(left.pop(0), movie, web, table)
        except LaterError as error:
            return Outcome.later(RULE, movie.id, error.reason, earliest=error.earliest)
        candidates += found.candidates
        answers += found.answers
        if found.considered:
            source["considered"] = [*source.get("considered", []), *found.considered]
        if found.reason:
            reasons.insert(0, found.reason)
    if answers:
        source["answers"] = answers
    if not candidates:
        return Outcome.absent(RULE, movie.id, *reasons, source=source)
    candidates += [untried(name, movie) for name in left]
    return Outcome.ok(
        RULE, movie.id, {"candidates": candidates}, source=source, made_by={"trailerflow": __version__}
    )
