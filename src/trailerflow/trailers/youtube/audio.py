"""The sound of a YouTube video, by yt-dlp: audio-only formats as they are, no ffmpeg and no re-encoding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.answers import KeptAnswer
from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.files import file_sha256
from trailerflow.retry import TransientError, retrying
from trailerflow.trailers.youtube import GoneError
from trailerflow.trailers.youtube.judgement import is_blocking
from trailerflow.web.access import WebAccess
from trailerflow.web.pace import Pace
from trailerflow.web.visit import Visit

FORMAT = "bestaudio[ext=m4a][vcodec=none]/bestaudio[vcodec=none]/bestaudio/18"
WHOLE = 0.9
"""Least share of the page's duration that a whole sound has: the two differ by a second or so."""

_PERMANENT = re.compile(
    r"private|unavailable|removed|deleted|terminated|not made this video available|in your country"
    r"|confirm your age|age.restricted|DRM|members",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"HTTP Error (?:403|404|416|5\d\d)|IncompleteRead|timed out|bytes read|reset|Unable to (?:download|connect)|Got error"
)


@dataclass(frozen=True)
class AudioLimits:
    """What is downloaded at most.

    Attributes:
        seconds: Longest video.
        megabytes: Largest file.
    """

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Audio:
    """The sound of a video.

    Attributes:
        path: Where the file lies, or lay until it was transcribed.
        sha256: Hash of its content.
        seconds: Duration by the video's page; None where it names none.
        format: yt-dlp's number of the format.
        fetched: When it came, ISO 8601 in UTC.
        cached: Whether nothing was asked for now.
        answers: Files of the cache that hold it.
    """

    path: Path
    sha256: str
    seconds: float | None
    format: str
    fetched: str
    cached: bool
    answers: list[str]


def fetch_audio_of(video: str, limits: AudioLimits, web: WebAccess, *, again: bool) -> Audio:
    """Fetch the sound of a video.

    Args:
        video: Id of the video.
        limits: What is downloaded at most.
        web: Where answers, sounds and the pace are kept.
        again: Whether the file itself is needed: one that was removed after its transcription is fetched again.

    Raises:
        GoneError: It cannot be had from here, or is beyond the limits.
        LaterError: Blocked, the day's visits spent, or a fault that stayed through the retries.
        TrailerflowError: The site is not as the library knows it.
    """
    store = web.answers("audio")
    request = _request(video, limits)
    kept = store.get(request)
    if kept is not None:
        if reason := kept.answer.get("gone"):
            raise GoneError(reason)
        if not again or _file(web, kept.answer).exists():
            return _audio(web, kept, cached=True)
    pace = web.youtube_pace()
    visit = web.visit(f"audio-{video}")

    def attempt() -> dict[str, Any]:
        pace.take_turn()
        return _download(video, limits, web, pace, visit)

    try:
        answer = retrying(attempt)
    except GoneError as error:
        store.put(request, {"gone": str(error)})
        visit.settle()
        raise
    kept = store.put(request, answer)
    visit.settle()
    return _audio(web, kept, cached=False)


def sound_file(video: str, limits: AudioLimits, web: WebAccess) -> str:
    """File of the cache that describes a video's sound, or says that it is gone."""
    return str(web.answers("audio").path(_request(video, limits)))


def _request(video: str, limits: AudioLimits) -> dict[str, Any]:
    return {"video": video, "seconds": limits.seconds, "megabytes": limits.megabytes}


def _file(web: WebAccess, answer: dict[str, Any]) -> Path:
    return web.cache / "sounds" / str(answer["file"])


def _audio(web: WebAccess, kept: KeptAnswer, *, cached: bool) -> Audio:
    answer = kept.answer
    return Audio(
        path=_file(web, answer),
        sha256=answer["sha256"],
        seconds=answer["seconds"],
        format=answer["format"],
        fetched=kept.fetched,
        cached=cached,
        answers=[str(kept.path)],
    )


def _download(video: str, limits: AudioLimits, web: WebAccess, pace: Pace, visit: Visit) -> dict[str, Any]:
    from yt_dlp.utils import DownloadError

    from trailerflow.trailers.youtube.downloader import downloader

    refusals: list[str] = []

    def refuse(info: dict[str, Any], *, incomplete: bool = False) -> str | None:
        if (reason := _beyond(info, limits)) and not incomplete:
            refusals.append(reason)
            return reason
        return None

    folder = visit.folder / "sound"
    options = {
        "format": FORMAT,
        "fixup": "never",
        "outtmpl": str(folder / "%(id)s.%(format_id)s.%(ext)s"),
        "continuedl": False,  # a part of another run's file may be of another version
        "overwrites": False,  # a file that is whole has its final name, and is not asked for again
        "retries": 0,
        "match_filter": refuse,
        "max_filesize": int(limits.megabytes * 1_000_000),
    }
    with downloader(web, pace, visit, options) as (youtube_dl, log):
        try:
            info = youtube_dl.extract_info(f"https://www.youtube.com/watch?v={video}", download=True)
        except DownloadError as error:
            raise _meaning(video, [str(error), *log.lines], pace, visit) from None
    if refusals:
        raise GoneError(f"YouTube video {video} {refusals[0]}")
    path = Path((info.get("requested_downloads") or [{}])[0].get("filepath") or "missing")
    if not path.is_file():
        raise GoneError(f"the sound of YouTube video {video} is larger than {limits.megabytes:g} MB")
    _check_whole(video, path, info.get("duration"))
    return _kept(web, path, info)


def _beyond(info: dict[str, Any], limits: AudioLimits) -> str | None:
    if info.get("live_status") in ("is_live", "is_upcoming", "post_live"):
        return "is a live stream"
    seconds = info.get("duration")
    if seconds and seconds > limits.seconds:
        return f"is {seconds:.0f} s long, more than {limits.seconds:g} s"
    return None


def _kept(web: WebAccess, path: Path, info: dict[str, Any]) -> dict[str, Any]:
    """Move the file to where sounds are kept, and describe it."""
    answer = {
        "file": path.name,
        "sha256": file_sha256(path),
        "seconds": info.get("duration"),
        "format": str(info.get("format_id")),
    }
    place = _file(web, answer)
    place.parent.mkdir(parents=True, exist_ok=True)
    path.replace(place)
    return answer


def _check_whole(video: str, path: Path, seconds: float | None) -> None:
    """Decode a sound and compare its duration with the page's: half a file decodes without a fault.

    Raises:
        TransientError: It is damaged or too short; the file is removed.
        GoneError: It has no sound.
    """
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise GoneError(f"YouTube video {video} has no sound")
            heard = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        path.unlink()
        raise TransientError(
            f"the sound of YouTube video {video} came damaged ({type(error).__name__})"
        ) from None
    if seconds and heard < WHOLE * seconds:
        path.unlink()
        raise TransientError(f"only {heard:.0f} of {seconds:.0f} s of YouTube video {video} came")


def _meaning(video: str, lines: list[str], pace: Pace, visit: Visit) -> Exception:
    """What yt-dlp's words mean for the movie (the outcome table of docs/trailers.md)."""
    words = " ".join(line.removeprefix("ERROR: ").strip() for line in lines)
    first = lines[0].removeprefix("ERROR: ").strip().removeprefix("[download] ").partition("\n")[0][:200]
    if is_blocking(words) or re.search("HTTP Error 429|Too Many Requests", words):
        return pace.block(first)
    if re.search(r"premieres? in|live event will begin", words, re.IGNORECASE):
        return LaterError(f"YouTube video {video}: {first}")
    if _PERMANENT.search(first):
        return GoneError(f"YouTube video {video}: {first}")
    if _PASSING.search(words):
        visit.settle()  # addresses of media are signed: the next attempt extracts them anew
        return TransientError(f"the sound of YouTube video {video} did not come ({first})")
    visit.settle()
    return TrailerflowError(
        f"YouTube is not as yt-dlp knows it ({first}); install its newest version, and report it if that does not help."
    )
