"""The one way to read a site's answer: all bytes up to a bound and within a time, and its words made fit to be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from trailerflow import outside
from trailerflow.outside import OutsideError, bounded, clean_text, within
from trailerflow.redaction import redact
from trailerflow.retry import TransientError

TIMEOUT_SECONDS = (10.0, 30.0)
"""To connect, and between two pieces of an answer."""

EXCHANGE_SECONDS = 60.0
"""For one request and its whole answer, however slowly it drips."""

MOST_BYTES = outside.MOST_BYTES
ENCODINGS = "gzip, deflate"
"""How an answer may be packed."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3
LONGEST_WORDS = 200

_BLOCK_BYTES = 65_536
_MOST_LETTERS = 10_000  # far more than is told, so that no part of a secret stands at the cut

Result = TypeVar("Result")


def whole_body(raw: Any, headers: Mapping[str, str]) -> bytes:
    """All bytes of an answer, unpacked.

    Args:
        raw: urllib3's response, of which nothing was read.
        headers: Headers of the answer.

    Raises:
        OutsideError: They are too many, too slow, or packed in another way than was asked for.
    """
    blocks = iter(partial(raw.read1, _BLOCK_BYTES, decode_content=False), b"")
    encoding = headers.get("Content-Encoding") or ""
    return bounded(blocks, most=MOST_BYTES, encoding=encoding, seconds=EXCHANGE_SECONDS)


def exchange_with(site: str, exchange: Callable[[], Result]) -> Result:
    """Make one request and read its answer.

    Args:
        site: Whom it is made to, for people.
        exchange: Makes it, by requests or urllib3, and reads the answer with `whole_body`.

    Raises:
        TransientError: The site could not be reached, or its answer is beyond a bound.
    """
    from requests import RequestException
    from urllib3.exceptions import HTTPError

    try:
        return within(EXCHANGE_SECONDS, exchange)
    except OutsideError as error:
        raise TransientError(f"the answer of {site} cannot be taken: {error}") from None
    except (RequestException, HTTPError) as error:
        # The error's own text may hold the address with the key.
        raise TransientError(f"{site} could not be reached ({type(error).__name__})") from None


def told(words: object) -> str:
    """Words of a site on one line, short, and without secrets."""
    line = " ".join(redact(clean_text(str(words)[:_MOST_LETTERS])).split())
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}…"
