"""A ``requests`` session whose answers are judged, kept while the visit lasts, and never asked for in a block."""

from __future__ import annotations

import io
from collections.abc import Mapping
from http.cookiejar import LoadError, MozillaCookieJar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.response import HTTPResponse

from trailerflow.errors import TrailerflowError
from trailerflow.retry import TransientError
from trailerflow.trailers.youtube.exchange import exchanged
from trailerflow.web.api import TIMEOUT_SECONDS
from trailerflow.web.pace import Pace
from trailerflow.web.visit import Exchange, Visit


def visiting_session(pace: Pace, visit: Visit, cookies: str | None) -> requests.Session:
    """Make a session for one visit to YouTube.

    Args:
        pace: The pace of YouTube, asked before each request.
        visit: Where the visit's good answers are kept.
        cookies: Netscape file of cookies, or None. It is read and never written.

    Raises:
        TrailerflowError: The cookies cannot be read.
    """
    session = requests.Session()
    session.mount("https://", _VisitAdapter(pace, visit))
    if cookies:
        session.cookies.update(_read_cookies(cookies))
    return session


class _VisitAdapter(HTTPAdapter):
    def __init__(self, pace: Pace, visit: Visit) -> None:
        super().__init__()
        self._pace = pace
        self._visit = visit

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, or give the answer that this visit has for it already."""
        kwargs["timeout"] = TIMEOUT_SECONDS  # youtube-transcript-api sets none

        def ask() -> Exchange:
            try:
                response = super(_VisitAdapter, self).send(request, *args, **kwargs)
                body = response.content
            except requests.exceptions.RetryError as error:
                raise self._pace.block("too many answers of 429") from error
            except (
                requests.ConnectionError,
                requests.Timeout,
                requests.exceptions.ChunkedEncodingError,
            ) as error:
                raise TransientError(f"YouTube could not be reached ({type(error).__name__})") from None
            return Exchange(str(request.url), response.status_code, _plain(response.headers), body)

        exchange = exchanged(
            str(request.method), str(request.url), _body(request), ask, pace=self._pace, visit=self._visit
        )
        return self.build_response(request, _raw(exchange))


def _body(request: requests.PreparedRequest) -> bytes | None:
    """Body of a request; youtube-transcript-api sends JSON alone."""
    return request.body if isinstance(request.body, bytes) else None


def _plain(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that describe the decoded body."""
    coded = {"content-encoding", "transfer-encoding", "content-length"}
    return {name: value for name, value in headers.items() if name.lower() not in coded}


def _raw(exchange: Exchange) -> HTTPResponse:
    return HTTPResponse(
        body=io.BytesIO(exchange.body),
        headers=dict(exchange.headers),
        status=exchange.status,
        preload_content=False,
    )


def _read_cookies(path: str) -> MozillaCookieJar:
    jar = MozillaCookieJar(path)
    try:
        jar.load(ignore_discard=True, ignore_expires=True)
    except FileNotFoundError:
        raise TrailerflowError(f"The cookies file {path} is missing; correct web.cookies.") from None
    except LoadError:
        raise TrailerflowError(f"{path} is no cookies file in Netscape's format; export it anew.") from None
    return jar
