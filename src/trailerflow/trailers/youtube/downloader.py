"""yt-dlp with every answer judged: its search, and the sound of a video without re-encoding."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yt_dlp
from yt_dlp.networking import Request, Response
from yt_dlp.networking.exceptions import HTTPError, TransportError

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.retry import TransientError, retry_after
from trailerflow.trailers.youtube.exchange import exchanged
from trailerflow.trailers.youtube.judgement import is_youtube
from trailerflow.web.access import WebAccess
from trailerflow.web.api import TIMEOUT_SECONDS
from trailerflow.web.pace import Pace
from trailerflow.web.visit import Exchange, Visit


class Log:
    """What yt-dlp says: the faults of its players are told as warnings only."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, message: str) -> None:
        """Progress, which nobody reads."""

    def warning(self, message: str) -> None:
        """Keep a warning."""
        self.lines.append(message)

    def error(self, message: str) -> None:
        """Keep an error."""
        self.lines.append(message)


class _Stop(BaseException):
    """Carries a `LaterError` through yt-dlp, which catches exceptions of every other kind and asks on."""

    def __init__(self, error: LaterError) -> None:
        super().__init__()
        self.error = error


class _VisitingYoutubeDL(yt_dlp.YoutubeDL):
    """yt-dlp whose requests to YouTube go through `exchanged`; media are streamed, with an eye on blocks."""

    def __init__(self, options: dict[str, Any], pace: Pace, visit: Visit) -> None:
        self._pace = pace
        self._visit = visit
        super().__init__(options)

    def urlopen(self, req: Request | str) -> Response:
        """Answer a request, from this visit's answers where it was answered before."""
        request = Request(req) if isinstance(req, str) else req
        try:
            if is_youtube(urlsplit(request.url).hostname or ""):
                return self._exchanged(request)
            self._pace.check()
            return super().urlopen(request)
        except HTTPError as error:
            if error.status == 429:
                raise _Stop(
                    self._pace.block("429, too many requests", retry_after(error.response.headers))
                ) from error
            raise
        except LaterError as error:
            raise _Stop(error) from error

    def _exchanged(self, request: Request) -> Response:
        def ask() -> Exchange:
            try:
                with super(_VisitingYoutubeDL, self).urlopen(request) as response:
                    return Exchange(response.url, response.status, _plain(response.headers), response.read())
            except HTTPError as error:
                return Exchange(
                    request.url, error.status, dict(error.response.headers), error.response.read()
                )
            except TransportError as error:
                raise TransientError(f"YouTube could not be reached ({type(error).__name__})") from None

        body = request.data if isinstance(request.data, bytes) else None
        exchange = exchanged(request.method, request.url, body, ask, pace=self._pace, visit=self._visit)
        response = Response(io.BytesIO(exchange.body), exchange.url, exchange.headers, exchange.status)
        if exchange.status >= 400:
            raise HTTPError(response)
        return response


@contextmanager
def downloader(
    web: WebAccess, pace: Pace, visit: Visit, options: dict[str, Any]
) -> Iterator[tuple[Any, Log]]:
    """Give a yt-dlp for one visit, and what it logs.

    Args:
        web: Cookies; they are copied, because yt-dlp writes into its file.
        pace: The pace of YouTube.
        visit: Where the visit's good answers are kept.
        options: Options of yt-dlp beside those that every visit has.

    Raises:
        LaterError: In the block's body: YouTube blocks this address, or its answers stayed faulty.
    """
    log = Log()
    with tempfile.TemporaryDirectory() as folder:
        cookies = None
        if web.cookies:
            cookies = Path(folder, "cookies.txt")
            try:
                shutil.copyfile(web.cookies, cookies)
            except FileNotFoundError:
                raise TrailerflowError(
                    f"The cookies file {web.cookies} is missing; correct web.cookies."
                ) from None
        common = {
            "quiet": True,
            "logger": log,
            "noprogress": True,
            "cachedir": False,
            "cookiefile": str(cookies) if cookies else None,
            "socket_timeout": TIMEOUT_SECONDS[1],
            "compat_opts": ["no-certifi"],  # the system's certificates, which a firewall's owner can add to
            "extractor_retries": 0,  # retries are made in one place of ours
            # An answer of the search that is not whole must not count as "nothing found".
            "extractor_args": {
                "youtube": {"raise_incomplete_data": ["1"]},
                "youtubetab": {"skip": ["webpage"]},
            },
        }
        try:
            with _VisitingYoutubeDL(common | options, pace, visit) as youtube_dl:
                yield youtube_dl, log
        except _Stop as stop:
            raise stop.error from None


def _plain(headers: Any) -> dict[str, str]:
    """Headers that describe the decoded body."""
    coded = {"content-encoding", "transfer-encoding", "content-length"}
    return {name: value for name, value in dict(headers).items() if name.lower() not in coded}
