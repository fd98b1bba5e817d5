"""yt-dlp with every answer judged: its search, and the sound of a video without re-encoding."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import urllib3
import yt_dlp
from yt_dlp.networking import Request, Response
from yt_dlp.networking._requests import RequestsRH
from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import DownloadError

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.outside import DeadlineError, OutsideError, within
from trailerflow.retry import TransientError, retry_after, retrying
from trailerflow.trailers.youtube.addresses import check_address, host_of, is_captcha, is_youtube
from trailerflow.trailers.youtube.exchange import exchanged
from trailerflow.trailers.youtube.judgement import CAPTCHA
from trailerflow.web import reading
from trailerflow.web.access import WebAccess
from trailerflow.web.pace import Pace
from trailerflow.web.reading import (
    ENCODINGS,
    MOST_REDIRECTS,
    TIMEOUT_SECONDS,
    exchange_with,
    told,
    whole_body,
)
from trailerflow.web.visit import Exchange, Visit, needed_headers

VISIT_SECONDS = 900.0
"""Longest visit of yt-dlp, a download with it."""


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
    """Carries an error through yt-dlp, which catches exceptions of every other kind and asks on."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class _VisitingRH(RequestsRH):
    """The one way out: yt-dlp's way by requests, with an eye on redirects.

    Args:
        check_redirect: Called with the address that a redirect leads to.
    """

    def __init__(self, check_redirect: Callable[[str], None], **options: Any) -> None:
        super().__init__(**options)
        self._check_redirect = check_redirect

    def _prepare_headers(self, request: Request, headers: Any) -> None:
        headers.setdefault("Accept-Encoding", ENCODINGS)
        super()._prepare_headers(request, headers)

    def _create_instance(self, *arguments: Any, **options: Any) -> Any:
        session = super()._create_instance(*arguments, **options)
        session.max_redirects = MOST_REDIRECTS
        target = session.get_redirect_target

        def checked_target(response: Any) -> str | None:
            location: str | None = target(response)
            if location is not None:
                response.close()  # requests would read its body to the end, which it may not have
                self._check_redirect(urljoin(response.url, location))
            return location

        session.get_redirect_target = checked_target
        return session


class _Media(Response):
    """A sound as it comes, a block at a time.

    Args:
        response: yt-dlp's response, of which nothing was read.
        count: Called with the number of bytes of each block.
    """

    def __init__(self, response: Response, count: Callable[[int], None]) -> None:
        super().__init__(response.fp, response.url, response.headers, response.status, response.reason)
        self._whole = response  # whose end closes the connection
        self._count = count

    def read(self, amt: int | None = None) -> bytes:
        """At most so many bytes, at once where some are there."""
        try:
            block: bytes = self.fp.read1(amt, decode_content=False)
        except urllib3.exceptions.HTTPError as error:
            raise TransportError(cause=error) from error
        self._count(len(block))
        return block


class _VisitingYoutubeDL(yt_dlp.YoutubeDL):
    """yt-dlp whose requests to YouTube go through `exchanged`; media are streamed, with an eye on blocks."""

    def __init__(self, options: dict[str, Any], pace: Pace, visit: Visit) -> None:
        self._pace = pace
        self._visit = visit
        self._media_bytes = 0
        super().__init__(options)

    def build_request_director(self, handlers: Any, preferences: Any = None) -> Any:
        """Requests go out by `_VisitingRH` alone."""
        return super().build_request_director([partial(_VisitingRH, self._check_redirect)], preferences)

    def urlopen(self, req: Request | str) -> Response:
        """Answer a request, from this visit's answers where it was answered before."""
        request = Request(req) if isinstance(req, str) else req
        try:
            check_address(request.url)
            if is_youtube(host_of(request.url)):
                return self._exchanged(request)
            self._pace.check()
            if request.headers.get("Accept-Encoding") == "identity":
                return self._media(request)
            return _response(retrying(lambda: self._asked(request)))
        except HTTPError as error:
            if error.status == 429:
                raise _Stop(
                    self._pace.block("429, too many requests", retry_after(error.response.headers))
                ) from error
            raise
        except (LaterError, TrailerflowError) as error:
            raise _Stop(error) from error

    def _exchanged(self, request: Request) -> Response:
        body = request.data if isinstance(request.data, bytes) else None
        return _response(
            exchanged(
                request.method,
                request.url,
                body,
                lambda: self._asked(request),
                pace=self._pace,
                visit=self._visit,
            )
        )

    def _asked(self, request: Request) -> Exchange:
        """One request and its whole answer.

        Raises:
            TransientError: YouTube could not be reached, or its answer is beyond a bound.
        """

        def ask() -> Exchange:
            try:
                with self._opened(request) as response:
                    return _exchange(response)
            except HTTPError as error:
                return _exchange(error.response)
            except TransportError as error:
                raise TransientError(f"YouTube could not be reached ({type(error).__name__})") from None

        return exchange_with("YouTube", ask)

    def _media(self, request: Request) -> Response:
        try:
            response = within(reading.EXCHANGE_SECONDS, lambda: self._opened(request))
        except DeadlineError:
            raise TransportError("timed out") from None
        return _Media(response, self._count_media)

    def _opened(self, request: Request) -> Response:
        return super().urlopen(request)

    def _count_media(self, number: int) -> None:
        self._media_bytes += number
        most = self.params.get("max_filesize") or reading.MOST_BYTES
        if self._media_bytes > most:
            raise _Stop(OutsideError(f"it is larger than {most:,} bytes"))

    def _check_redirect(self, target: str) -> None:
        if is_captcha(target):
            raise _Stop(self._pace.block(CAPTCHA.reason))
        try:
            check_address(target)
        except TrailerflowError as error:
            raise _Stop(error) from error


def _exchange(response: Response) -> Exchange:
    body = whole_body(response.fp, response.headers)
    return Exchange(response.url, response.status, needed_headers(dict(response.headers)), body)


def _response(exchange: Exchange) -> Response:
    response = Response(io.BytesIO(exchange.body), exchange.url, exchange.headers, exchange.status)
    if not 200 <= exchange.status < 300:
        raise HTTPError(response)
    return response


def extracted(youtube_dl: Any, address: str, *, download: bool) -> dict[str, Any]:
    """What yt-dlp makes of an address, in a time that has an end.

    Args:
        youtube_dl: Of `downloader`.
        address: Of a page, or a search.
        download: Whether what is there is downloaded.

    Raises:
        DownloadError: yt-dlp says why it makes nothing of it.
        LaterError: It took too long.
        TrailerflowError: The site is not as yt-dlp knows it.
    """
    try:
        found = within(VISIT_SECONDS, lambda: youtube_dl.extract_info(address, download=download))
    except (DownloadError, OSError):
        raise
    except DeadlineError as error:
        raise LaterError(f"the visit to YouTube did not end: {error}") from None
    except Exception as error:  # yt-dlp walks through what it was sent as if it were sound
        raise not_as_known(type(error).__name__) from None
    if not isinstance(found, dict):
        raise not_as_known("it found nothing and does not say why")
    return found


def not_as_known(words: str) -> TrailerflowError:
    """The error that an answer is not as yt-dlp knows it."""
    return TrailerflowError(
        f"YouTube is not as yt-dlp knows it ({told(words)}); install its newest version, and report it if that does not "
        "help."
    )


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
        OutsideError: In the block's body: more comes than ``max_filesize``.
        TrailerflowError: The cookies are missing; in the block's body: an answer leads to somebody else.
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
            "allowed_extractors": ["youtube.*"],  # whatever site an answer leads to
            "cookiefile": str(cookies) if cookies else None,
            "ffmpeg_location": folder,  # where there is none: no other program is handed an address
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
