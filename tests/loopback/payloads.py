"""The parts of YouTube's JSON that tell of one video."""

from __future__ import annotations

import time
from typing import Any

from loopback.videos import Video

BOT_WALL = "Sign in to confirm you’re not a bot"
TRY_LATER = "This content isn't available, try again later."
NEVER_SEEN = "This video is unavailable"
"""What YouTube says of an id that it does not know; of a video that was removed it says "Video unavailable"."""

FORMATS = {
    18: ('video/mp4; codecs="avc1.42001E, mp4a.40.2"', "AUDIO_QUALITY_LOW"),
    140: ('audio/mp4; codecs="mp4a.40.2"', "AUDIO_QUALITY_MEDIUM"),
    249: ('audio/webm; codecs="opus"', "AUDIO_QUALITY_LOW"),
    251: ('audio/webm; codecs="opus"', "AUDIO_QUALITY_MEDIUM"),
}
_LANGUAGES = {"en": "English", "de": "German", "fr": "French"}
_MEDIA_HOST = "rr1---sn-loopback.googlevideo.com"


def playability_of(video: Video | None) -> dict[str, Any]:
    """Whether a video can be played, as its `Video` says; None stands for one that there is not."""
    if video is None:
        return verdict("ERROR", NEVER_SEEN)
    if video.upcoming and video.status == "OK":
        return verdict("LIVE_STREAM_OFFLINE", "Premieres in 5 hours")
    return verdict(video.status, video.reason, video.subreason)


def verdict(status: str, reason: str | None, subreason: str | None = None) -> dict[str, Any]:
    """A playability status with its reasons."""
    playability: dict[str, Any] = {"status": status}
    if reason:
        playability["reason"] = reason
    if subreason:
        message = {"reason": _text(reason or ""), "subreason": _runs(subreason)}
        playability["errorScreen"] = {"playerErrorMessageRenderer": message}
    return playability


def track_list(video: Video) -> dict[str, Any]:
    """The captions that the player offers."""
    tracks = []
    for track in video.tracks:
        address = f"https://www.youtube.com/api/timedtext?v={video.id}&lang={track.language}"
        address += ("&kind=asr" if track.generated else "") + ("&exp=xpe" if track.po_token else "")
        entry = {
            "baseUrl": address,
            "name": _runs(track.name),
            "languageCode": track.language,
            "isTranslatable": track.translatable,
        }
        tracks.append(entry | ({"kind": "asr"} if track.generated else {}))
    languages = [{"languageCode": code, "languageName": _runs(name)} for code, name in _LANGUAGES.items()]
    return {"captionTracks": tracks, "translationLanguages": languages}


def streaming_data(video: Video) -> dict[str, Any]:
    """The media that the player offers, at addresses that need no deciphering."""
    formats: dict[str, list[dict[str, Any]]] = {"formats": [], "adaptiveFormats": []}
    expiry = int(time.time()) + 21_540
    for itag, content in video.audio.items():
        kind, quality = FORMATS[itag]
        formats["formats" if itag == 18 else "adaptiveFormats"].append(
            {
                "itag": itag,
                "url": f"https://{_MEDIA_HOST}/videoplayback?expire={expiry}&id={video.id}&itag={itag}",
                "mimeType": kind,
                "bitrate": 130_000,
                "contentLength": str(len(content)),
                "quality": "small" if itag == 18 else "tiny",
                "audioQuality": quality,
                "audioSampleRate": "44100",
                "audioChannels": 1,
                "approxDurationMs": str(round(video.page_seconds * 1000)),
            }
        )
    return {"expiresInSeconds": "21540", **formats}


def result(video: Video) -> dict[str, Any]:
    """A video in the search's results."""
    place = f"/{'shorts/' if video.short else 'watch?v='}{video.id}"
    by = {"text": video.channel, "navigationEndpoint": {"browseEndpoint": {"browseId": video.channel_id}}}
    seen = f"{video.views:,} {'watching' if video.live else 'waiting' if video.upcoming else 'views'}"
    result: dict[str, Any] = {
        "videoId": video.id,
        "title": _runs(video.title),
        "ownerText": {"runs": [by]},
        "shortBylineText": {"runs": [by]},
        "viewCountText": _text(seen),
        "navigationEndpoint": {"commandMetadata": {"webCommandMetadata": {"url": place}}},
    }
    if video.duration is not None and not video.live and not video.upcoming:
        result["lengthText"] = _text(_clock(video.duration))
    if video.live:
        result["badges"] = [
            {"metadataBadgeRenderer": {"style": "BADGE_STYLE_TYPE_LIVE_NOW", "label": "LIVE"}}
        ]
    if video.upcoming:
        result["upcomingEventData"] = {"startTime": str(int(time.time()) + 5 * 3600)}
    if video.verified:
        result["ownerBadges"] = [{"metadataBadgeRenderer": {"style": "BADGE_STYLE_TYPE_VERIFIED"}}]
    return result


def _clock(seconds: int) -> str:
    """Seconds as the search shows them.

    >>> _clock(95), _clock(4860)
    ('1:35', '1:21:00')
    """
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _text(text: str) -> dict[str, str]:
    return {"simpleText": text}


def _runs(text: str) -> dict[str, list[dict[str, str]]]:
    return {"runs": [{"text": text}]}
