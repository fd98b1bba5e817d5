"""A YouTube of a test's own videos: pages, search, player, captions and media."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from loopback.faults import Fault, disturbed, refusal
from loopback.messages import Answer, Asked, Request, document, page
from loopback.payloads import (
    BOT_WALL,
    FORMATS,
    TRY_LATER,
    playability_of,
    result,
    streaming_data,
    track_list,
    verdict,
)
from loopback.videos import Track, Video

__all__ = ["Track", "Video", "YouTube"]

HITS = 20
"""Results on a page of the search."""

COOKIE = "SIDCC=rotated-session-cookie; Domain=.youtube.com; Path=/; Secure"
"""What comes with every answer; the real site gives the signed-in a new one now and then."""

_PATHS = {
    "/": "home",
    "/tv": "home",
    "/results": "home",
    "/watch": "watch",
    "/youtubei/v1/player": "player",
    "/youtubei/v1/search": "search",
    "/youtubei/v1/next": "next",
    "/api/timedtext": "timedtext",
    "/videoplayback": "media",
    "/iframe_api": "iframe_api",
}
_PLAYER_SCRIPT = "/s/player/0123abcd/player_ias.vflset/en_US/base.js"
_SCRIPT_TIMESTAMP = 20590
_CLIENT = {
    "hl": "en",
    "gl": "US",
    "clientName": "WEB",
    "clientVersion": "2.20261101.00.00",
    "visitorData": "CgtMb29wYmFjaw",
}
_VISITOR = {"visitorData": _CLIENT["visitorData"]}


class YouTube:
    """What YouTube answers.

    Args:
        videos: All videos there are.

    Attributes:
        videos: The videos by id.
        searches: Ids of the results, in their order, by the words of the search (in any case). Other words find
            the videos that share words with them, the ones that share most first.
    """

    def __init__(self, videos: Iterable[Video] = ()) -> None:
        self.videos = {video.id: video for video in videos}
        self.searches: dict[str, list[str]] = {}

    @staticmethod
    def plays(host: str) -> bool:
        """Whether a host is YouTube's."""
        return bool(re.search(r"(^|\.)(youtube|googlevideo)\.com$", host))

    @staticmethod
    def understand(request: Request) -> Asked:
        """What a request is about."""
        path = request.path
        if path.startswith("/embed/"):
            return Asked("embed", path.removeprefix("/embed/"))
        if path.startswith("/s/player/"):
            return Asked("player_js")
        route = _PATHS.get(path, "other")
        if route == "search":
            return Asked(route, words=request.document.get("query"))
        if route in ("player", "next"):
            client = request.document.get("context", {}).get("client", {}).get("clientName")
            return Asked(route, request.document.get("videoId"), client)
        return Asked(route, request.query.get("id" if route == "media" else "v"))

    def answer(self, request: Request, asked: Asked, fault: Fault | None = None) -> Answer:
        """The answer to a request, with what a fault makes of it."""
        if fault is None:
            return self._undisturbed(request, asked)
        match fault.name:
            case "bot" | "trylater":
                return self._walled(asked, fault)
            case "nops":
                return document({"responseContext": _VISITOR})
            case "othervideo":
                return self._about_another(asked)
        return disturbed(fault, self._undisturbed(request, asked))

    def _undisturbed(self, request: Request, asked: Asked) -> Answer:
        video = asked.video or ""
        answers: dict[str, Callable[[], Answer]] = {
            "home": lambda: page(self.home()),
            "embed": lambda: page(self.home()),
            "search": lambda: document(self.search(asked.words or "")),
            "watch": lambda: page(self.watch(video)),
            "player": lambda: document(self.player(video)),
            "next": lambda: document(self.next()),
            "timedtext": lambda: self._captions(request),
            "media": lambda: self._media(request),
            "iframe_api": lambda: _script(f'var player = "https://www.youtube.com{_PLAYER_SCRIPT}";'),
            "player_js": lambda: _script(f"var a = {{signatureTimestamp: {_SCRIPT_TIMESTAMP}}};"),
        }
        answer = answers[asked.route]() if asked.route in answers else page("not found", 404)
        return replace(answer, headers={**answer.headers, "Set-Cookie": COOKIE})

    def home(self) -> str:
        """A page with the configuration of the web client."""
        return f"<!DOCTYPE html><html><head>{self._configuration()}</head><body></body></html>"

    def watch(self, video: str, playability: Mapping[str, Any] | None = None) -> str:
        """The page of a video; the sound is not in it, as on the real page, which streams in another way."""
        player = self.player(video, playability)
        player.pop("streamingData", None)
        return (
            f"<!DOCTYPE html><html><head>{self._configuration()}"
            f"<script>var ytInitialPlayerResponse = {json.dumps(player)};</script>"
            f"<script>var ytInitialData = {json.dumps(self.next())};</script></head><body></body></html>"
        )

    def next(self) -> dict[str, Any]:
        """What stands beside a video."""
        return {"contents": {"twoColumnWatchNextResults": {"results": {}}}}

    def player(self, video: str, playability: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The player's answer: whether a video can be played, its captions, its media.

        Args:
            video: Id of the video.
            playability: Whether it can be played, where that is not as in the `Video`.
        """
        known = self.videos.get(video)
        playability = playability or playability_of(known)
        status = playability["status"]
        answer: dict[str, Any] = {"responseContext": _VISITOR, "playabilityStatus": dict(playability)}
        if known is None or status in ("ERROR", "LOGIN_REQUIRED"):
            return answer
        answer["videoDetails"] = {
            "videoId": known.id,
            "title": known.title,
            "lengthSeconds": str(round(known.page_seconds)),
            "channelId": known.channel_id,
            "author": known.channel,
            "viewCount": str(known.views),
            "shortDescription": "",
            "isLiveContent": known.live or known.upcoming,
            **({"isLive": True} if known.live else {}),
            **({"isUpcoming": True} if known.upcoming else {}),
        }
        if status == "OK":
            if known.tracks:
                answer["captions"] = {"playerCaptionsTracklistRenderer": track_list(known)}
            answer["streamingData"] = streaming_data(known)
        return answer

    def search(self, words: str) -> dict[str, Any]:
        """A page of the search's results."""
        results = [{"videoRenderer": result(video)} for video in self._hits(words)]
        sections = [{"itemSectionRenderer": {"contents": results}}]
        return {
            "responseContext": _VISITOR,
            "estimatedResults": str(len(results)),
            "contents": {
                "twoColumnSearchResultsRenderer": {
                    "primaryContents": {"sectionListRenderer": {"contents": sections}}
                }
            },
        }

    def timedtext(self, track: Track, into: str | None = None) -> str:
        """Captions as XML; a translation is the text behind the language's code."""
        mark = f"[{into}] " if into else ""
        lines = (
            f'<text start="{start}" dur="{duration}">{html.escape(html.escape(mark + text, quote=False))}</text>'
            for start, duration, text in track.lines
        )
        return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{"".join(lines)}</transcript>'

    def _hits(self, words: str) -> list[Video]:
        scripted = {query.casefold(): ids for query, ids in self.searches.items()}
        if (ids := scripted.get(words.casefold())) is not None:
            return [self.videos[video] for video in ids]
        sought = _words(words)
        shared = {video: len(sought & _words(known.title)) for video, known in self.videos.items()}
        ranked = sorted(shared, key=lambda video: -shared[video])
        return [self.videos[video] for video in ranked if shared[video]][:HITS]

    def _captions(self, request: Request) -> Answer:
        query = request.query
        known = self.videos.get(query.get("v", ""))
        for track in known.tracks if known else ():
            if track.language == query.get("lang") and track.generated == (query.get("kind") == "asr"):
                whole = not track.po_token or "pot" in query
                return _xml(self.timedtext(track, query.get("tlang")) if whole else "")
        return page("not found", 404)

    def _media(self, request: Request) -> Answer:
        known = self.videos.get(request.query.get("id", ""))
        itag = int(request.query.get("itag", 0))
        if known is None or itag not in known.audio:
            return page("not found", 404)
        return Answer(200, {"Content-Type": FORMATS[itag][0].partition(";")[0]}, known.audio[itag])

    def _about_another(self, asked: Asked) -> Answer:
        others = [video for video in self.videos.values() if video.id != asked.video]
        if asked.route == "timedtext":
            return _xml(self.timedtext(next(video.tracks[0] for video in others if video.tracks)))
        other = others[0].id
        return page(self.watch(other)) if asked.route == "watch" else document(self.player(other))

    def _walled(self, asked: Asked, fault: Fault) -> Answer:
        """The wall for bots, or "try again later"; what cannot say so in its own words refuses."""
        wall = verdict("LOGIN_REQUIRED", BOT_WALL)
        if fault.name == "trylater":
            wall = verdict(fault.playability, TRY_LATER)
        if asked.route == "watch":
            return page(self.watch(asked.video or "", wall))
        if asked.route == "player":
            return document(self.player(asked.video or "", wall))
        return refusal(403 if asked.route == "media" else 429)

    def _configuration(self) -> str:
        settings = {
            "INNERTUBE_API_KEY": "AIzaLoopback_0123456789",
            "INNERTUBE_CLIENT_NAME": _CLIENT["clientName"],
            "INNERTUBE_CLIENT_VERSION": _CLIENT["clientVersion"],
            "INNERTUBE_CONTEXT": {"client": _CLIENT},
            "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
            "PLAYER_JS_URL": _PLAYER_SCRIPT,
            "STS": _SCRIPT_TIMESTAMP,
            "VISITOR_DATA": _CLIENT["visitorData"],
        }
        return f"<script>ytcfg.set({json.dumps(settings)});</script>"


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _script(text: str) -> Answer:
    return Answer(200, {"Content-Type": "text/javascript; charset=utf-8"}, text.encode())


def _xml(text: str) -> Answer:
    return Answer(200, {"Content-Type": "text/xml; charset=utf-8"}, text.encode())
