"""A ``requests`` session whose answers are judged, kept while the visit lasts, and never asked for in a block."""

from __future__ import annotations

import io
from http.cookiejar import LoadError, MozillaCookieJar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.response import HTTPResponse

from trailerflow.errors import TrailerflowError
from trailerflow.trailers.youtube.addresses import check_address
from trailerflow.trailers.youtube.exchange import exchanged
from trailerflow.web.pace import Pace
from trailerflow.web.reading import (
    ENCODINGS,
    MOST_REDIRECTS,
    TIMEOUT_SECONDS,
    exchange_with,
    whole_body,
)
from trailerflow.web.visit import Exchange, Visit, needed_headers


def visiting_session(pace: Pace, visit: Visit, cookies: str | None) -> requests.Session:
    """Make a session for one visit to YouTube.

    A request to anybody else, be it a redirect or an address that an answer names, raises `TrailerflowError`.

    Args:
        pace: The pace of YouTube, asked before each request.
        visit: Where the visit's good answers are kept.
        cookies: Netscape file of cookies, or None. It is read and never written.

    Raises:
        TrailerflowError: The cookies cannot be read.
    """
    session = requests.Session()
    session.max_redirects = MOST_REDIRECTS
    session.headers["Accept-Encoding"] = ENCODINGS
    adapter = _VisitAdapter(pace, visit)
    for scheme in ("https://", "http://"):  # what is not encrypted is refused there as well
        session.mount(scheme, adapter)
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
        address = str(request.url)
        check_address(address)
        kwargs |= {"timeout": TIMEOUT_SECONDS, "stream": True}  # youtube-transcript-api sets no time

        def ask() -> Exchange:
            with super(_VisitAdapter, self).send(request, *args, **kwargs) as response:
                body = whole_body(response.raw, response.headers)
                return Exchange(address, response.status_code, needed_headers(response.headers), body)

        exchange = exchanged(
            str(request.method),
            address,
            _body(request),
            lambda: exchange_with("YouTube", ask),
            pace=self._pace,
            visit=self._visit,
        )
        return self.build_response(request, _raw(exchange))


def _body(request: requests.PreparedRequest) -> bytes | None:
    """Body of a request; youtube-transcript-api sends JSON alone."""
    return request.body if isinstance(request.body, bytes) else None


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
