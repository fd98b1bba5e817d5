"""transcribe_trailer: a trailer's words, from its captions or, where there are none, from its sound."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow import __version__
from trailerflow.outcomes import Outcome
from trailerflow.trailers.speech.recogniser import AudioError
from trailerflow.trailers.speech.spoken import spoken_segments

if TYPE_CHECKING:
    from trailerflow.documents import TrailerAudio, TrailerCaptions, Transcript

RULE = "transcribe_trailer"
Recognise = Callable[[Path, str | None], tuple[dict[str, Any], bool]]
NOTHING_SPOKEN = "nothing is spoken in the trailer"


def transcribe_trailer(
    captions: Outcome[TrailerCaptions], audio: Outcome[TrailerAudio], recognise: Recognise
) -> Outcome[Transcript]:
    """Take a movie's captions, or have its audio recognised.

    Args:
        captions: Outcome of fetch_captions.
        audio: Outcome of fetch_audio.
        recognise: Gives the speech of a file, whose sha256 may be known, as
            `trailerflow.trailers.speech.recogniser.Recogniser.recognise` does; called only where the outcome of
            fetch_audio is ``ok``.

    Returns:
        ``segments``, ``language``, ``language_probability`` (None for captions) and ``origin``, and where the
        recogniser gave one ``translation``, the segments in English; ``absent`` where nobody speaks, ``failed``
        for a file that cannot be heard.
    """
    if captions.data is not None:
        data: Transcript = {
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
    return _heard(audio, recognise)


def _heard(audio: Outcome[TrailerAudio], recognise: Recognise) -> Outcome[Transcript]:
    assert audio.data is not None
    started = time.perf_counter()
    movie, path = audio.movie, Path(audio.data["path"])
    source: dict[str, Any] = {**audio.source, "file": str(path)}
    try:
        document, cached = recognise(path, audio.data["sha256"])
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
    data: Transcript = {
        "segments": segments,
        "language": document.get("language"),
        "language_probability": document.get("language_probability"),
        "origin": "speech",
    }
    if "translation" in document:
        data["translation"] = spoken_segments(document["translation"])
    return Outcome.ok(RULE, movie, data, source=source, made_by=made_by, seconds=seconds)
