"""Downloads of files: whole or not at all, with a bound on their bytes and on their time, every fault one sentence."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import IO, Any
from urllib.parse import urlsplit

from trailerflow.outside import OutsideError, clean_text, within

SILENCE_SECONDS = 15.0
"""Longest wait for a connection, and between two pieces."""

OPEN_SECONDS = 60.0
"""Longest wait for a server's answer to begin, and the time that any file may take, however small it is."""

SLOWEST_BYTES_PER_SECOND = 10_000
"""A server that is slower than this, all in all, is left: it holds a run for ever by a byte now and then."""

PROGRESS_SECONDS = 2.0
BLOCK_BYTES = 1 << 20


class DownloadError(Exception):
    """A file that did not come whole; the message says why, and names its address."""


def download(
    url: str, *, most: int, length_needed: bool = False, say: Callable[[str], None] | None = None
) -> Iterator[bytes]:
    """The bytes of a file, piece by piece; only when the last piece was taken without an error, it is there whole.

    Args:
        url: Its address; https, or http where there is no other.
        most: Most bytes that are taken.
        length_needed: Whether a server that does not tell where the file ends is refused, because nothing else would
            show that the file broke off.
        say: Takes a line of progress now and then, and one at the end.

    Raises:
        DownloadError: The server does not answer, refuses, leads away from https, sends too much, stops or is too slow.
    """
    try:
        response = within(OPEN_SECONDS, lambda: _open(url))
        with response:
            if length_needed and response.length is None and not response.chunked:
                raise OutsideError(
                    "it does not tell its length, so that nobody could say whether it is whole"
                )
            yield from _pieces(response, url, most, say)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DownloadError(f"{url}: {_told(error)}") from None


def _open(url: str) -> Any:
    _check_scheme(url)
    opener = urllib.request.build_opener(_NoDowngrade)
    response = opener.open(url, timeout=SILENCE_SECONDS)
    if response.status != http.HTTPStatus.OK:
        raise OutsideError(f"it was answered with status {response.status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise OutsideError("it came packed, which was not asked for")
    return response


def _check_scheme(url: str) -> None:
    if urlsplit(url).scheme not in ("https", "http"):
        raise OutsideError("its address is neither https nor http")


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows a server to other addresses of https, and from http to http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        _check_scheme(newurl)
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise OutsideError("it leads from https to http, which anybody on the way could change")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _pieces(response: Any, url: str, most: int, say: Callable[[str], None] | None) -> Iterator[bytes]:
    length, done = response.length, 0  # no length where the server does not tell it
    if length is not None and length > most:
        raise OutsideError(f"it has {length:,} bytes, more than the {most:,} expected")
    started = told = time.monotonic()
    while piece := response.read1(BLOCK_BYTES):
        done += len(piece)
        if done > most:
            raise OutsideError(f"it has more than the {most:,} bytes expected")
        now = time.monotonic()
        if now - started > OPEN_SECONDS + done / SLOWEST_BYTES_PER_SECOND:
            raise OutsideError(f"only {done:,} bytes came in {now - started:.0f} s")
        if say and now - told > PROGRESS_SECONDS:
            told = now
            say(_progress(url, done, length))
        yield piece
    if length is not None and done < length:
        raise OutsideError(f"it broke off after {done:,} of {length:,} bytes")
    if not done:  # http.client takes a head that broke off for a whole one
        raise OutsideError("it sent nothing")
    if say:
        say(_progress(url, done, length))


def _progress(url: str, done: int, length: int | None) -> str:
    of_all = f" of {length / 1e6:.1f}" if length else ""
    return f"{url}: {done / 1e6:.1f}{of_all} MB"


def _told(error: Exception) -> str:
    """What an error says, in words that can be shown."""
    if isinstance(error, http.client.IncompleteRead):
        return "it broke off"
    words = str(getattr(error, "reason", error))
    if isinstance(error, urllib.error.HTTPError):
        words = f"it was answered with status {error.code} ({words})"
    return clean_text(" ".join(words.split()))[:200] or type(error).__name__
