"""fetch_captions: the text of the first of a movie's subtitle files that can be read."""

from __future__ import annotations

import time
from pathlib import Path

from trailerflow import __version__
from trailerflow.outcomes import Outcome
from trailerflow.trailers.media import file_language
from trailerflow.trailers.subtitles import SubtitleError, read_subtitles

RULE = "fetch_captions"


def fetch_captions(trailer: Outcome) -> Outcome:
    """Read a movie's captions.

    Args:
        trailer: Outcome of find_trailer.

    Returns:
        ``segments``, ``language`` (the file's own word, else its name's, else None) and ``candidate``;
        ``absent`` where there is no subtitle file, ``failed`` with a reason for each where none can be read.
    """
    if trailer.data is None:
        return trailer.passed_on(RULE)
    started = time.perf_counter()
    reasons = []
    for candidate in trailer.data["candidates"]:
        if candidate["kind"] != "subtitles":
            continue
        path = Path(candidate["path"])
        try:
            subtitles = read_subtitles(path)
        except SubtitleError as error:
            reasons.append(f"{path} cannot be used: {error}")
            continue
        except FileNotFoundError:
            reasons.append(f"{path} is no longer there")
            continue
        data = {
            "segments": subtitles.segments,
            "language": subtitles.language or file_language(path),
            "candidate": candidate,
        }
        source = {"file": str(path)} | ({"rejected": reasons} if reasons else {})
        seconds = round(time.perf_counter() - started, 3)
        return Outcome.ok(
            RULE, trailer.movie, data, source=source, made_by={"trailerflow": __version__}, seconds=seconds
        )
    if reasons:
        return Outcome.failed(RULE, trailer.movie, *reasons)
    return Outcome.absent(RULE, trailer.movie, "the movie has no subtitle file")
