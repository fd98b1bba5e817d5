"""The captions of a YouTube video, by youtube-transcript-api."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailerflow.answers import AnswerStore, KeptAnswer
from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.outside import clean_text
from trailerflow.times import utc_time
from trailerflow.trailers.youtube import GoneError, check_video
from trailerflow.trailers.youtube.judgement import is_blocking
from trailerflow.web.access import WebAccess
from trailerflow.web.pace import Pace
from trailerflow.web.parts import text_of
from trailerflow.web.reading import told

if TYPE_CHECKING:
    from youtube_transcript_api import TranscriptList

    from trailerflow.documents import Segment

LONGEST_SECONDS = 86_400.0
"""Captions have no times after this; what is said to be later counts as then."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9_-]{1,40})?")
_UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
_PREMIERE = re.compile(r"(?:premieres|live) in ([0-9]{1,3}) (minute|hour|day)", re.IGNORECASE)


class NoCaptionsError(Exception):
    """A video that has no captions; the message says how that was told."""


@dataclass(frozen=True)
class Captions:
    """The captions of a video.

    Attributes:
        segments: ``start`` and ``end`` in seconds and ``text`` of each cue.
        language: Code of the track's language.
        name: The track's name.
        generated: Whether YouTube's recogniser wrote it.
        fetched: When the text came, ISO 8601 in UTC.
        cached: Whether nothing was asked for now.
        answers: Files of the cache that hold it.
    """

    segments: list[Segment]
    language: str
    name: str
    generated: bool
    fetched: str
    cached: bool
    answers: list[str]


def fetch_captions_of(video: str, languages: Sequence[str], web: WebAccess) -> Captions:
    """Fetch the captions of a video.

    The track is the first of: one that people wrote, in the configured languages in their order; one that YouTube
    generated, in the same; any other that YouTube generated, since it is in the language that is spoken; any other.

    Args:
        video: Id of the video.
        languages: Codes of the languages wanted, the best first.
        web: Where answers and the pace are kept.

    Raises:
        NoCaptionsError: It has none.
        GoneError: It cannot be had from here, or the id is none.
        LaterError: Blocked, the day's visits spent, or a fault that stayed through the retries.
        TrailerflowError: The site is not as the library knows it, or leads to somebody else.
    """
    check_video(video)
    store = web.answers("captions")
    tracks = store.get(_about(video))
    if tracks is not None and (text := _kept_text(store, video, tracks.answer, languages)):
        return _captions(tracks, *text, cached=True)
    return _visit(video, languages, web, store)


def choose_track(tracks: Sequence[Mapping[str, Any]], languages: Sequence[str]) -> Mapping[str, Any] | None:
    """The best of a video's tracks (see `fetch_captions_of`), or None where there is none."""

    def rank(track: Mapping[str, Any]) -> tuple[bool, bool, int]:
        base = track["language"].split("-")[0]
        wanted = next(
            (place for place, code in enumerate(languages) if code in (track["language"], base)), None
        )
        if wanted is None:
            return True, not track["generated"], 0
        return False, track["generated"], wanted

    return min(tracks, key=rank, default=None)


def tracks_file(video: str, web: WebAccess) -> str:
    """File of the cache that says which captions a video has, or that it is gone."""
    return str(web.answers("captions").path(_about(video)))


def _about(video: str) -> dict[str, str]:
    return {"video": video, "wanted": "tracks"}


def _kept_text(
    store: AnswerStore, video: str, answer: Mapping[str, Any], languages: Sequence[str]
) -> tuple[Mapping[str, Any], KeptAnswer] | None:
    track = choose_track(_tracks(video, answer), languages)
    if track is None:
        raise NoCaptionsError(f"YouTube video {video} has no captions")
    text = store.get(_wanted(video, track))
    return (track, text) if text else None


def _tracks(video: str, answer: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The tracks of a kept answer, or the error that it tells of."""
    if reason := answer.get("gone"):
        raise GoneError(reason)
    if reason := answer.get("none"):
        raise NoCaptionsError(reason)
    return [track for track in answer["tracks"] if _LANGUAGE.fullmatch(track["language"])]


def _wanted(video: str, track: Mapping[str, Any]) -> dict[str, Any]:
    return {"video": video, "wanted": "text", "language": track["language"], "generated": track["generated"]}


def _captions(tracks: KeptAnswer, track: Mapping[str, Any], text: KeptAnswer, *, cached: bool) -> Captions:
    return Captions(
        segments=text.answer["segments"],
        language=track["language"],
        name=track["name"],
        generated=track["generated"],
        fetched=text.fetched,
        cached=cached,
        answers=[str(tracks.path), str(text.path)],
    )


def _visit(video: str, languages: Sequence[str], web: WebAccess, store: AnswerStore) -> Captions:
    from youtube_transcript_api import YouTubeTranscriptApi

    from trailerflow.trailers.youtube.session import visiting_session

    pace = web.youtube_pace()
    pace.take_turn()
    visit = web.visit(f"captions-{video}")
    session = visiting_session(pace, visit, web.cookies)
    try:
        listed = _translated(lambda: YouTubeTranscriptApi(http_client=session).list(video), video, pace)
        known = [kept for entry in listed if (kept := _track(entry))]
        tracks = store.put(_about(video), {"tracks": known})
        track = choose_track(tracks.answer["tracks"], languages)
        if track is None:
            raise NoCaptionsError(f"YouTube video {video} has no captions")
        found = _of_track(listed, track)
        snippets = _translated(found.fetch, video, pace)
    except GoneError as error:
        store.put(_about(video), {"gone": str(error)})
        visit.settle()
        raise
    except NoCaptionsError as error:
        store.put(_about(video), {"none": str(error)})
        visit.settle()
        raise
    except TrailerflowError:
        visit.settle()  # what was odd once is not to be met again from here
        raise
    finally:
        session.close()
    text = store.put(_wanted(video, track), {"segments": [_segment(part) for part in snippets]})
    visit.settle()
    return _captions(tracks, track, text, cached=False)


def _track(entry: Any) -> dict[str, Any] | None:
    """What is kept of a track, or None where the code of its language is none."""
    language = text_of(entry.language_code)
    if _LANGUAGE.fullmatch(language) is None:
        return None
    return {
        "language": language,
        "name": told(text_of(entry.language)),
        "generated": bool(entry.is_generated),
    }


def _of_track(listed: TranscriptList, track: Mapping[str, Any]) -> Any:
    return next(entry for entry in listed if _track(entry) == dict(track))


def _segment(part: Any) -> Segment:
    start = _moment(part.start)
    end = max(start, round(_moment(start + part.duration), 3))
    return {"start": start, "end": end, "text": clean_text(part.text)}


def _moment(seconds: float) -> float:
    """A time in a video, from 0 to `LONGEST_SECONDS`; what is no number (NaN) is 0."""
    return min(seconds, LONGEST_SECONDS) if seconds > 0 else 0.0


def _translated(ask: Callable[[], Any], video: str, pace: Pace) -> Any:
    """Call the library, and say what its errors mean for the movie (the outcome table of docs/trailers.md)."""
    from xml.etree.ElementTree import ParseError

    import requests
    import youtube_transcript_api as api

    try:
        return ask()
    except (api.TranscriptsDisabled, api.NoTranscriptFound):
        raise NoCaptionsError(f"YouTube video {video} has no captions") from None
    except api.PoTokenRequired:
        raise NoCaptionsError(f"YouTube gives the captions of video {video} to its own player only") from None
    except api.AgeRestricted:
        raise GoneError(f"YouTube video {video} is age-restricted") from None
    except api.VideoUnavailable:
        raise GoneError(f"YouTube video {video} is unavailable") from None
    except api.InvalidVideoId:
        raise GoneError(f"{video} is no YouTube video") from None
    except (api.IpBlocked, api.RequestBlocked, requests.exceptions.RetryError) as error:
        raise pace.block(type(error).__name__) from None
    except api.VideoUnplayable as error:
        words = [text_of(part) for part in (error.reason, *error.sub_reasons)]
        raise _unplayable(video, " ".join(filter(None, words)), pace) from None
    except api.YouTubeRequestFailed as error:
        raise _failed_request(video, str(error.reason), pace) from None
    except ParseError:
        raise LaterError(f"YouTube gave no captions that can be read for video {video}") from None
    except requests.TooManyRedirects:
        raise LaterError(f"YouTube redirects too often for video {video}") from None
    except (
        api.YouTubeDataUnparsable,
        api.FailedToCreateConsentCookie,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise TrailerflowError(
            f"YouTube is not as youtube-transcript-api knows it ({type(error).__name__} for video {video}); install "
            "its newest version, and report it if that does not help."
        ) from None


def _unplayable(video: str, words: str, pace: Pace) -> Exception:
    if is_blocking(words):
        return pace.block(told(words))
    if premiere := _PREMIERE.search(words):
        seconds = int(premiere.group(1)) * _UNITS[premiere.group(2).lower()]
        return LaterError(f"YouTube video {video}: {told(words)}", utc_time(time.time() + seconds))
    if "premiere" in words.lower():
        return LaterError(f"YouTube video {video}: {told(words)}")
    return GoneError(f"YouTube video {video}: {told(words) or 'it cannot be played'}")


def _failed_request(video: str, words: str, pace: Pace) -> Exception:
    status = words[:3]
    if status in ("403", "429"):
        return pace.block(told(words))
    if status == "404" or status.startswith("5"):
        return LaterError(f"YouTube answered {status} for video {video}")
    return TrailerflowError(
        f"YouTube refuses the requests of youtube-transcript-api ({told(words)} for video {video}); install its newest "
        "version."
    )
