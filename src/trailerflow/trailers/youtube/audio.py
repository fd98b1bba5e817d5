"""The sound of a YouTube video, by yt-dlp: audio-only formats as they are, no ffmpeg and no re-encoding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.answers import KeptAnswer
from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.files import OWNER_FILE, file_sha256, make_private_folder
from trailerflow.outside import OutsideError
from trailerflow.retry import TransientError, retrying
from trailerflow.trailers.youtube import GoneError, check_video, sounds
from trailerflow.trailers.youtube.judgement import is_blocking
from trailerflow.web.access import WebAccess
from trailerflow.web.pace import Pace
from trailerflow.web.parts import seconds_of, text_of
from trailerflow.web.reading import told
from trailerflow.web.visit import Visit

_OURS = "[protocol~='^(?:https?|http_dash_segments|m3u8_native)$']"  # what yt-dlp fetches itself, by our one way out
FORMAT = f"bestaudio[ext=m4a][vcodec=none]{_OURS}/bestaudio[vcodec=none]{_OURS}/bestaudio{_OURS}/best[format_id='18']{_OURS}"
WHOLE = 0.9
"""Least share of the page's duration that a whole sound has: the two differ by a second or so."""

MOST = 1.1
"""Most times the longest duration that a sound may have: a small file can hold days of silence."""

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
        GoneError: It cannot be had from here, or is beyond the limits, or the id is none.
        LaterError: Blocked, the day's visits spent, or a fault that stayed through the retries.
        TrailerflowError: The site is not as the library knows it, or leads to somebody else.
    """
    check_video(video)
    store = web.answers("audio")
    request = _request(video, limits)
    kept = store.get(request)
    if kept is not None:
        if reason := kept.answer.get("gone"):
            raise GoneError(reason)
        if sounds.is_sound_of(video, kept.answer.get("file")) and (
            not again or _file(web, kept.answer).exists()
        ):
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
    except TrailerflowError:
        visit.settle()  # what was odd once is not to be met again from here
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
    return web.cache / sounds.FOLDER / str(answer["file"])


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

    from trailerflow.trailers.youtube.downloader import downloader, extracted

    refusals: list[str] = []

    def refuse(info: dict[str, Any], *, incomplete: bool = False) -> str | None:
        if (reason := _beyond(info, limits)) and not incomplete:
            refusals.append(reason)
            return reason
        return None

    make_private_folder(visit.folder)
    path = visit.folder / "sound"
    most = int(limits.megabytes * 1_000_000)
    options = {
        "format": FORMAT,
        "fixup": "never",
        "outtmpl": str(path).replace("%", "%%"),  # nothing of what yt-dlp was told stands in it
        "continuedl": False,  # a part of another run's file may be of another version
        "overwrites": False,  # a file that is whole has its final name, and is not asked for again
        "retries": 0,
        "match_filter": refuse,
        "max_filesize": most,
    }
    too_large = GoneError(f"the sound of YouTube video {video} is larger than {limits.megabytes:g} MB")
    try:
        with downloader(web, pace, visit, options) as (youtube_dl, log):
            try:
                address = f"https://www.youtube.com/watch?v={video}"
                info = extracted(youtube_dl, address, download=True)
            except DownloadError as error:
                raise _meaning(video, [str(error), *log.lines], pace, visit) from None
    except OutsideError:
        raise too_large from None
    if refusals:
        raise GoneError(f"YouTube video {video} {refusals[0]}")
    if not path.is_file() or path.stat().st_size > most:
        raise too_large
    _check_whole(video, path, seconds_of(info.get("duration")), limits)
    return _kept(video, web, path, info)


def _beyond(info: dict[str, Any], limits: AudioLimits) -> str | None:
    if info.get("live_status") in ("is_live", "is_upcoming", "post_live"):
        return "is a live stream"
    seconds = seconds_of(info.get("duration"))
    if seconds is not None and seconds > limits.seconds:
        return f"is {seconds:.0f} s long, more than {limits.seconds:g} s"
    return None


def _kept(video: str, web: WebAccess, path: Path, info: dict[str, Any]) -> dict[str, Any]:
    """Move the file to where sounds are kept, and describe it."""
    format_id = text_of(info.get("format_id"))
    format_id = format_id if sounds.FORMAT.fullmatch(format_id) else "unknown"
    answer = {
        "file": sounds.sound_name(video, format_id, info.get("ext")),
        "sha256": file_sha256(path),
        "seconds": seconds_of(info.get("duration")),
        "format": format_id,
    }
    place = _file(web, answer)
    make_private_folder(place.parent)
    path.chmod(OWNER_FILE)
    path.replace(place)
    return answer


def _check_whole(video: str, path: Path, seconds: float | None, limits: AudioLimits) -> None:
    """Decode a sound and compare its duration with the page's: half a file decodes without a fault.

    Raises:
        TransientError: It is damaged or too short; the file is removed.
        GoneError: It has no sound, or more of it than its page and the limits say.
    """
    import av

    heard = 0.0
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise GoneError(f"YouTube video {video} has no sound")
            for frame in container.decode(audio=0):
                heard += frame.samples / frame.sample_rate
                if heard > MOST * max(limits.seconds, seconds or 0.0):
                    raise GoneError(f"YouTube video {video} sounds longer than {limits.seconds:g} s")
    except (av.error.FFmpegError, ArithmeticError, IndexError, ValueError) as error:
        path.unlink()
        raise TransientError(
            f"the sound of YouTube video {video} came damaged ({type(error).__name__})"
        ) from None
    if seconds and heard < WHOLE * seconds:
        path.unlink()
        raise TransientError(f"only {heard:.0f} of {seconds:.0f} s of YouTube video {video} came")


def _meaning(video: str, lines: list[str], pace: Pace, visit: Visit) -> Exception:
    """What yt-dlp's words mean for the movie (the outcome table of docs/trailers.md)."""
    from trailerflow.trailers.youtube.downloader import not_as_known

    words = " ".join(line.removeprefix("ERROR: ").strip() for line in lines)
    first = lines[0].removeprefix("ERROR: ").strip().removeprefix("[download] ").partition("\n")[0]
    if is_blocking(words) or re.search("HTTP Error 429|Too Many Requests", words):
        return pace.block(told(first))
    if re.search(r"premieres? in|live event will begin", words, re.IGNORECASE):
        return LaterError(f"YouTube video {video}: {told(first)}")
    # A fault that passes may be told as "503: Service Unavailable", so it goes before what is for good.
    if not _PASSING.search(first) and _PERMANENT.search(first):
        return GoneError(f"YouTube video {video}: {told(first)}")
    visit.settle()  # addresses of media are signed: the next attempt extracts them anew
    if _PASSING.search(words):
        return TransientError(f"the sound of YouTube video {video} did not come ({told(first)})")
    return not_as_known(first)
