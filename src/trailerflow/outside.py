"""The one gate for what comes from outside: bytes with a bound and a deadline, JSON of some depth, clean text."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

MOST_BYTES = 16_000_000
"""Longest answer of a server, also when unpacked; a page of YouTube has about one million, an answer of a model less."""

MOST_DEPTH = 100
"""Most levels of nesting in JSON; an answer of YouTube has some 50."""

MOST_DIGITS = 400
"""Longest number in JSON; the largest double has 309 digits before its point."""

Result = TypeVar("Result")

_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]+|[\]}]+', re.DOTALL)
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)])
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")


class OutsideError(ValueError):
    """What came is beyond a bound, or is not what it says that it is; the message says how, for people."""


class DeadlineError(OutsideError):
    """What was asked for did not come whole in time."""


class RefusedRedirectError(Exception):
    """A redirect that is not followed; the message says where to, without its query."""


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Do work that may hang, and give it up after a time.

    A socket's own time-out begins anew with every byte, so that a server that sends one now and then holds a job for ever.

    Args:
        seconds: How long it may take in all.
        work: What to do. It goes on by itself where it is given up, so it should look at a deadline of its own.

    Raises:
        DeadlineError: It was not done in time.
        BaseException: What the work raised.
    """
    from trailerflow.worker_threads import GivenUpError, do  # most programs wait for nothing that may hang

    try:
        return do(work, seconds)
    except GivenUpError:
        raise DeadlineError(f"it did not come whole within {seconds:g} s") from None


def bounded(
    blocks: Iterable[bytes], *, most: int = MOST_BYTES, encoding: str = "", seconds: float | None = None
) -> bytes:
    """Read all bytes of an answer, and unpack them.

    Args:
        blocks: The bytes as they come over the wire.
        most: Most bytes, before and after they are unpacked.
        encoding: Value of the header ``Content-Encoding``.
        seconds: How long reading may take in all; None: as long as it wants.

    Raises:
        OutsideError: There are more bytes, or they are damaged or packed in another way than gzip or deflate.
        DeadlineError: They did not come in time.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    unpacking = _unpacking(encoding)
    taken, parts, length = 0, [], 0
    for block in blocks:
        taken += len(block)
        part = block if unpacking is None else _unpacked(unpacking, block, most - length + 1)
        length += len(part)
        if taken > most or length > most:
            raise OutsideError(f"it is larger than {most:,} bytes")
        parts.append(part)
        if deadline is not None and time.monotonic() > deadline:
            raise DeadlineError(f"it did not come whole within {seconds:g} s")
    if unpacking is not None and taken and not unpacking.eof:
        raise OutsideError("its packed bytes broke off")
    return b"".join(parts)


def _unpacking(encoding: str) -> Any:
    """What unpacks bytes packed so; None where they are not packed."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name not in ("gzip", "x-gzip", "deflate"):
        raise OutsideError(f"it is packed as {clean_text(name)[:40]!r}, which was not asked for")
    return zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: gzip's head or zlib's, whichever comes


def _unpacked(unpacking: Any, block: bytes, most: int) -> bytes:
    try:
        return bytes(unpacking.decompress(block, most))
    except zlib.error:
        raise OutsideError("its packed bytes are damaged") from None


def parse_json(data: bytes | str) -> Any:
    """Read a JSON document of somebody else: no deeper than `MOST_DEPTH`, its texts cleaned by `clean_text`.

    ``NaN`` and the infinities are read, since servers write them.

    Raises:
        OutsideError: It is no JSON, or beyond a bound.

    >>> parse_json(b'{"a": ["x\\\\ud83d", -Infinity]}')
    {'a': ['x\\ufffd', -inf]}
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        check_depth(text)
        return _cleaned(json.loads(text, parse_int=_whole))
    except OutsideError:
        raise
    except (ValueError, RecursionError):
        raise OutsideError("it is no JSON") from None


def check_depth(text: str) -> None:
    """Raise for what is nested too deep, before a parser, which is slow or fails there, has seen it.

    Raises:
        OutsideError: It is nested deeper than `MOST_DEPTH`.
    """
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return
    depth = 0
    for found in _BRACKETS.finditer(text):
        run = found[0]
        if run[0] in "[{":
            depth += len(run)
            if depth > MOST_DEPTH:
                raise OutsideError(f"its JSON is nested deeper than {MOST_DEPTH} levels")
        elif run[0] in "]}":
            depth -= len(run)


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise OutsideError(f"its JSON has a number of more than {MOST_DIGITS} digits")
    return int(digits)


def _cleaned(document: Any) -> Any:
    """A document with all its texts cleaned, keys too."""
    if isinstance(document, str):
        return clean_text(document)
    if isinstance(document, list):
        return [_cleaned(part) for part in document]
    if isinstance(document, Mapping):
        return {clean_text(name): _cleaned(part) for name, part in document.items()}
    return document


def redirect_problem(url: str, target: str) -> str | None:
    """Why a redirect is not followed, or None: only the same host at the same port is asked, never without encryption.

    Args:
        url: What was asked.
        target: Whereto it redirects, a whole address.

    >>> redirect_problem("https://a.org/x", "https://a.org/y"), redirect_problem("http://a.org/x", "https://a.org/x")
    (None, None)
    >>> redirect_problem("https://a.org/x", "https://b.org/x?key=1")
    'redirects to another host (https://b.org)'
    """
    here, there = urlsplit(url), urlsplit(target)
    if (here.scheme, here.hostname, _port(here)) == (there.scheme, there.hostname, _port(there)):
        return None
    if (
        here.hostname == there.hostname
        and (_port(here), _port(there)) == (80, 443)
        and there.scheme == "https"
    ):
        return None
    place = clean_text(f"{there.scheme}://{there.hostname}{f':{there.port}' if _has_port(there) else ''}")[
        :100
    ]
    if here.hostname == there.hostname and here.scheme == "https" and there.scheme != "https":
        return f"redirects to an address without encryption ({place})"
    return f"redirects to another host ({place})"


def _port(address: SplitResult) -> int | None:
    try:
        return address.port or {"http": 80, "https": 443}.get(address.scheme)
    except ValueError:
        return None


def _has_port(address: SplitResult) -> bool:
    return _port(address) not in (None, 80, 443)


def clean_text(text: str) -> str:
    """A text that every file in UTF-8 can hold: half a surrogate pair becomes U+FFFD, control characters go.

    Tabs and ends of lines stay.

    >>> clean_text("a\\ud83d\\x00\\x1b[31mb\\n")
    'a\\ufffd[31mb\\n'
    """
    if _HALVES.search(text):
        text = _HALVES.sub("\ufffd", text)
    return text.translate(_CONTROLS) if _CONTROL.search(text) else text
