"""transcribe_trailer: a trailer's words, from its captions or, where there are none, from its sound."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trailerflow import __version__
from trailerflow.outcomes import Outcome
from trailerflow.trailers.speech import AudioError, spoken_segments

RULE = "transcribe_trailer"
NOTHING_SPOKEN = "nothing is spoken in the trailer"


def transcribe_trailer(
    captions: Outcome, audio: Outcome, recognise: Callable[[Path], tuple[dict[str, Any], bool]]
) -> Outcome:
    """Take a movie's captions, or have its audio recognised.

    Args:
        captions: Outcome of fetch_captions.
        audio: Outcome of fetch_audio.
        recognise: Gives the speech of a file, as `trailerflow.trailers.speech.Recogniser.recognise` does;
            called only where the outcome of fetch_audio is ``ok``.

    Returns:
        ``segments``, ``language``, ``language_probability`` (None for captions) and ``origin``; ``absent``
        where nobody speaks, ``failed`` for a file that cannot be heard.
    """
    if captions.data is not None:
        data = {
            "segments": captions.data["segments"],
            "language": captions.data["language"],
            "language_probability": None,
            "origin": "captions",
        }
        return Outcome.ok(
            RULE, captions.movie, data, source=captions.source, made_by={"trailerflow": __version__}
        )
    if audio.data is None:
        return audio.passed_on(RULE)
    return _heard(audio.movie, Path(audio.data["path"]), recognise)


def _heard(movie: str, path: Path, recognise: Callable[[Path], tuple[dict[str, Any], bool]]) -> Outcome:
    started = time.perf_counter()
    source: dict[str, Any] = {"file": str(path)}
    try:
        document, cached = recognise(path)
    except AudioError as error:
        return Outcome.failed(RULE, movie, f"{path} cannot be heard: {error}", source=source)
    seconds = round(time.perf_counter() - started, 3)
    source |= {"cached": cached, "audio_seconds": document["duration"]}
    if document.get("missing_seconds"):
        source["missing_seconds"] = document["missing_seconds"]
    made_by = {"trailerflow": __version__, **document.get("made_by", {})}
    segments = spoken_segments(document)
    if not segments:
        return Outcome.absent(RULE, movie, NOTHING_SPOKEN, source=source, made_by=made_by, seconds=seconds)
    data = {
        "segments": segments,
        "language": document.get("language"),
        "language_probability": document.get("language_probability"),
        "origin": "speech",
    }
    return Outcome.ok(RULE, movie, data, source=source, made_by=made_by, seconds=seconds)
