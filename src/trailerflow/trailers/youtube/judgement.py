"""What an answer of YouTube is worth: good, a block, a slip that may pass, or something that nobody foresaw.

Both libraries that ask YouTube take some of these for something else: youtube-transcript-api never checks that
the answer is about the video asked for, and yt-dlp goes on asking after a block. So each answer is judged before
they see it. The cases are those of the outcome tables in docs/trailers.md.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl, urljoin, urlsplit

from trailerflow.outside import OutsideError, parse_json
from trailerflow.trailers.youtube import VIDEO
from trailerflow.trailers.youtube.addresses import is_captcha, is_youtube
from trailerflow.web.parts import records_of, text_of
from trailerflow.web.reading import REDIRECTS, told
from trailerflow.web.visit import Exchange

Verdict = Literal["good", "moved", "blocked", "transient", "odd"]

CAPTIONS_PATH = "/api/timedtext"
BLOCKING_WORDS = ("not a bot", "try again later", "rate-limited", "rate limited")
_SIGNED = frozenset(
    {"expire", "ei", "sig", "signature", "lsig", "key", "cver", "cpn", "bpctr", "has_verified", "ip", "n"}
)
_WATCHED = re.compile(r'"videoDetails":\s*\{\s*"videoId":\s*"([^"]+)"')


@dataclass(frozen=True)
class Judgement:
    """What to do with an answer.

    Attributes:
        verdict: ``good``: keep it and hand it on. ``moved``: a redirect; hand it on. ``blocked``: stop. ``transient``:
            ask again at once. ``odd``: ask again at once, then let the library say what it makes of it.
        reason: Why it is not good.
    """

    verdict: Verdict
    reason: str = ""


GOOD = Judgement("good")
CAPTCHA = Judgement("blocked", "it asks to solve a captcha")


def request_of(method: str, url: str, body: bytes | str | None) -> dict[str, Any]:
    """What a request asks for, without what differs from one asking to the next (signatures, client versions).

    Args:
        method: HTTP method.
        url: Address.
        body: JSON body of a POST, or None.

    Returns:
        Method, host, path, query, and of the body: the video, the search, its continuation and the client's name.
    """
    address = urlsplit(url)
    asked: dict[str, Any] = {
        "method": method,
        "host": address.hostname or "",
        "path": address.path,
        "query": sorted((key, value) for key, value in parse_qsl(address.query) if key not in _SIGNED),
    }
    try:
        document = json.loads(body) if body else {}
    except ValueError:
        document = {}
    if isinstance(document, dict):
        kept = {
            name: document[name]
            for name in ("videoId", "query", "params", "continuation")
            if name in document
        }
        client = ((document.get("context") or {}).get("client") or {}).get("clientName")
        asked["body"] = kept | ({"client": client} if client else {})
    return asked


def judge(asked: dict[str, Any], exchange: Exchange) -> Judgement:
    """Say what an answer is worth.

    Args:
        asked: The request, of `request_of`.
        exchange: The answer.
    """
    if exchange.status in REDIRECTS and "Location" in exchange.headers:
        return _judge_redirect(exchange)
    if exchange.status != 200:
        return _judge_status(asked["host"], exchange.status)
    if not exchange.body.strip():
        return Judgement("transient", "YouTube gave an empty answer")
    path = asked["path"]
    if path == "/watch":
        return _judge_watch_page(dict(asked["query"]).get("v"), exchange.body.decode("utf-8", "replace"))
    if path.startswith("/youtubei/"):
        return _judge_json(asked, exchange.body)
    return _judge_timedtext(exchange.body) if path == CAPTIONS_PATH else GOOD


def _judge_redirect(exchange: Exchange) -> Judgement:
    try:
        target = urljoin(exchange.url, exchange.headers["Location"])
    except ValueError:
        target = ""
    return CAPTCHA if is_captcha(target) else Judgement("moved", "YouTube redirects")


def _judge_status(host: str, status: int) -> Judgement:
    if status == 429:
        return Judgement("blocked", "429, too many requests")
    if status == 403 and is_youtube(host):
        return Judgement("blocked", "403, forbidden")
    verdict: Verdict = "transient" if status >= 500 or status == 404 else "odd"
    return Judgement(verdict, f"YouTube answered {status}")


def is_blocking(reason: str | None) -> bool:
    """Whether YouTube's words for not playing a video mean that this address is blocked."""
    return any(words in (reason or "").lower() for words in BLOCKING_WORDS)


def _judge_watch_page(video: str | None, page: str) -> Judgement:
    if 'class="g-recaptcha"' in page:
        return CAPTCHA
    if 'action="https://consent.youtube.com/s"' in page:
        return Judgement("odd", "YouTube asks for consent")
    if "INNERTUBE_API_KEY" not in page:
        return Judgement("odd", "the page of the video is not as it used to be")
    shown = _WATCHED.search(page)
    if video and shown and shown.group(1) != video:
        return _about_another(shown.group(1))
    return GOOD


def _judge_json(asked: dict[str, Any], body: bytes) -> Judgement:
    try:
        document = parse_json(body)
    except OutsideError as error:
        return Judgement("odd", f"the answer of YouTube cannot be taken: {error}")
    if asked["path"].endswith("/player"):
        return _judge_player(asked["body"].get("videoId"), document)
    if asked["path"].endswith("/search"):
        known = {"contents", "onResponseReceivedCommands", "continuationContents"}
        whole = isinstance(document, dict) and known & document.keys()
        return GOOD if whole else Judgement("odd", "YouTube's search gave no list")
    return GOOD


def _judge_player(video: str | None, document: Any) -> Judgement:
    playability = document.get("playabilityStatus") if isinstance(document, dict) else None
    if not isinstance(playability, dict):
        return Judgement("odd", "YouTube does not say whether the video can be played")
    if is_blocking(words := _words(playability)):
        return Judgement("blocked", told(words))
    details = document.get("videoDetails")
    shown = details.get("videoId") if isinstance(details, dict) else None
    if video and shown and shown != video:
        return _about_another(shown)
    return GOOD


def _words(playability: dict[str, Any]) -> str:
    """All that YouTube says about why a video cannot be played."""
    place: Any = playability
    for name in ("errorScreen", "playerErrorMessageRenderer", "subreason", "runs"):
        place = place.get(name) if isinstance(place, dict) else None
    parts = [text_of(playability.get("reason")), *(text_of(run.get("text")) for run in records_of(place))]
    return " ".join(part for part in parts if part)


def _judge_timedtext(body: bytes) -> Judgement:
    start, end = body.lstrip()[:200].lower(), body.rstrip()[-20:].lower()
    if b"<html" in start or b"<!doctype html" in start:
        return Judgement("transient", "YouTube gave a web page instead of the captions")
    if start.startswith(b"<") and not end.endswith((b"</transcript>", b"</timedtext>", b"/>")):
        return Judgement("transient", "YouTube cut the captions")
    return GOOD


def _about_another(video: object) -> Judgement:
    which = f" ({video})" if isinstance(video, str) and VIDEO.fullmatch(video) else ""
    return Judgement("transient", f"YouTube answered about another video{which}")
