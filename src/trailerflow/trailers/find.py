"""find_trailer: the files from which a movie's trailer can be heard or read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trailerflow.outcomes import Outcome
from trailerflow.trailers.media import media_kind, preferred_first

RULE = "find_trailer"


def find_trailer(movie: dict[str, Any], media: Sequence[Path]) -> Outcome:
    """List the candidates for a movie's trailer in the order in which they are tried.

    Args:
        movie: Row of the movie: ``id``, and ``title``, ``year``, ``trailer``, ``media`` where the table has
            them.
        media: The movie's own files, as `trailerflow.trailers.media.match_media` found them.

    Returns:
        ``candidates``: kind (subtitles, audio, video) and path of each; ``absent`` where there is none.
    """
    identifier = str(movie["id"])
    candidates = [{"kind": media_kind(path), "path": str(path)} for path in preferred_first(media)]
    if not candidates:
        return Outcome.absent(
            RULE, identifier, "no subtitle, audio or video file of the movie is in the media folder"
        )
    source = {"title": movie.get("title"), "year": movie.get("year")}
    return Outcome.ok(RULE, identifier, {"candidates": candidates}, source=source)
