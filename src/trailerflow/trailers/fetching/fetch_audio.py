"""fetch_audio: the sound of a movie's trailer, where it has no captions that can be read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from trailerflow import __version__
from trailerflow.errors import LaterError
from trailerflow.outcomes import Outcome
from trailerflow.trailers.youtube import GoneError
from trailerflow.trailers.youtube.audio import Audio, AudioLimits, fetch_audio_of, sound_file
from trailerflow.web.access import WebAccess

if TYPE_CHECKING:
    from trailerflow.documents import (
        Candidates,
        FileCandidate,
        TrailerAudio,
        TrailerCaptions,
        Tried,
        VideoCandidate,
    )

RULE = "fetch_audio"


def fetch_audio(
    trailer: Outcome[Candidates],
    captions: Outcome[TrailerCaptions],
    limits: AudioLimits,
    *,
    web: WebAccess,
    is_transcribed: Callable[[str], bool],
) -> Outcome[TrailerAudio]:
    """Get what is to be transcribed.

    Args:
        trailer: Outcome of find_trailer.
        captions: Outcome of fetch_captions.
        limits: What is downloaded at most.
        web: How the web is reached.
        is_transcribed: Says of the hash of a sound whether its speech is in the cache, so that the sound itself is
            not needed any more.

    Returns:
        ``path``, ``candidate`` and ``sha256``; ``absent`` where captions make it needless or no candidate
        can be heard; ``later`` where YouTube does not answer now. Subtitles that cannot be read are no reason to
        leave a sound track unheard.
    """
    if captions.status == "ok":
        return Outcome.absent(RULE, captions.movie, "captions were found, so no audio is needed")
    if captions.status == "later" or trailer.data is None:
        return captions.passed_on(RULE)
    tried = cast("Tried", captions.source)
    gone = dict(tried.get("gone", {}))
    answers: list[str] = []
    try:
        for candidate in [*trailer.data["candidates"], *tried.get("found", [])]:
            if candidate["kind"] in ("audio", "video"):
                return _local(captions, candidate)
            video = str(candidate.get("video"))
            if candidate["kind"] != "youtube" or video in gone:
                continue
            started = time.perf_counter()
            try:
                audio = _of_video(video, limits, web, is_transcribed)
            except GoneError as error:
                gone[video] = str(error)
                answers.append(sound_file(video, limits, web))
            else:
                return _downloaded(captions, candidate, audio, gone=gone, started=started)
    except LaterError as error:
        return Outcome.later(RULE, captions.movie, error.reason, earliest=error.earliest)
    return _nothing(captions, gone, answers)


def _nothing(
    captions: Outcome[TrailerCaptions], gone: Mapping[str, str], answers: list[str]
) -> Outcome[TrailerAudio]:
    """The outcome where no candidate can be heard; fetch_captions has told why where nothing more was tried."""
    if not answers:
        return captions.passed_on(RULE)
    return Outcome.absent(RULE, captions.movie, *gone.values(), source={"gone": gone, "answers": answers})


def _of_video(
    video: str, limits: AudioLimits, web: WebAccess, is_transcribed: Callable[[str], bool]
) -> Audio:
    audio = fetch_audio_of(video, limits, web, again=False)
    if audio.path.exists() or is_transcribed(audio.sha256):
        return audio
    return fetch_audio_of(video, limits, web, again=True)


def _local(captions: Outcome[TrailerCaptions], candidate: FileCandidate) -> Outcome[TrailerAudio]:
    source = {"file": candidate["path"]}
    if captions.status == "failed":
        source["captions"] = "; ".join(captions.reasons)
    data: TrailerAudio = {"path": candidate["path"], "candidate": candidate, "sha256": None}
    return Outcome.ok(RULE, captions.movie, data, source=source)


def _downloaded(
    captions: Outcome[TrailerCaptions],
    candidate: VideoCandidate,
    audio: Audio,
    *,
    gone: Mapping[str, str],
    started: float,
) -> Outcome[TrailerAudio]:
    data: TrailerAudio = {
        "path": str(audio.path),
        "candidate": candidate,
        "sha256": audio.sha256,
    }
    source = {
        "site": "YouTube",
        "video": candidate["video"],
        "format": audio.format,
        "page_seconds": audio.seconds,
        "fetched": audio.fetched,
        "cached": audio.cached,
        "captions": "; ".join(captions.reasons),
        "passed_over": list(gone.values()),
        "answers": audio.answers,
    }
    return Outcome.ok(
        RULE,
        captions.movie,
        data,
        source=source,
        made_by={"trailerflow": __version__},
        seconds=round(time.perf_counter() - started, 3),
    )
