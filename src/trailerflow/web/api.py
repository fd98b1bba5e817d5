"""Sites that answer in JSON (TMDB, OMDb, Wikipedia), asked politely, and never the same twice."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from trailerflow import __version__
from trailerflow.answers import KeptAnswer
from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.outside import OutsideError, parse_json, redirect_problem
from trailerflow.retry import TransientError, retry_after, retrying
from trailerflow.web.access import WebAccess
from trailerflow.web.pace import Pace, spent
from trailerflow.web.reading import (
    ENCODINGS,
    MOST_REDIRECTS,
    REDIRECTS,
    TIMEOUT_SECONDS,
    exchange_with,
    told,
    whole_body,
)
from trailerflow.web.visit import Exchange, needed_headers

SHORT_WAIT_SECONDS = 30.0
MOST_WORDS = 100_000
"""Bytes of an answer in which a site's words on a fault are sought."""

_BAD_KEY = re.compile(
    r"\b(?:no|not|invalid|wrong|missing|suspended|expired|disabled)\W+(?:[a-z]+\W+)?(?:api[ _-]?)?key\b"
    r"|\bkey (?:is |was )?(?:not valid|invalid|wrong|missing|suspended|expired|disabled)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ApiSite:
    """A site with a JSON interface.

    Attributes:
        name: Host name, which is also the name of its pace.
        address: What its paths are appended to.
        pause_seconds: Least time between two requests.
        requests_per_day: Most requests of a day (UTC); None for no limit.
        key_parameter: Query parameter of the key; None where none is needed.
        key_variable: Environment variable with the key.
        spent_words: What the site says, with a 401, when the day's requests are spent; None where it says nothing.
    """

    name: str
    address: str
    pause_seconds: float
    requests_per_day: int | None = None
    key_parameter: str | None = None
    key_variable: str | None = None
    spent_words: str | None = None

    def key(self) -> str | None:
        """The key, from the environment.

        Raises:
            TrailerflowError: One is needed and not set.
        """
        if self.key_variable is None:
            return None
        if key := os.environ.get(self.key_variable):
            return key
        raise TrailerflowError(f"{self.name} wants a key; set the environment variable {self.key_variable}.")


def get_json(
    web: WebAccess, site: ApiSite, path: str, parameters: Mapping[str, str]
) -> tuple[KeptAnswer, bool]:
    """Ask a site, or take the answer that was kept.

    Args:
        web: Where answers and the pace are kept.
        site: Whom to ask.
        path: Path below the site's address.
        parameters: Query, without the key.

    Returns:
        The answer, a JSON object, None where the site has nothing under this path (404); and whether it was
        kept from before.

    Raises:
        LaterError: Blocked, the day's requests spent, a fault that stayed through the retries, or an answer that
            nobody foresaw.
        TrailerflowError: The key is missing or refused, or the site sends its askers to another one.
    """
    request = {"site": site.name, "path": path, "parameters": dict(parameters)}
    store = web.answers("apis")
    kept = store.get(request)
    if kept is not None and isinstance(kept.answer, dict | None):
        return kept, True
    pace = web.pace(site.name, site.pause_seconds, site.requests_per_day)
    query = dict(parameters)
    if site.key_parameter and (key := site.key()):
        query[site.key_parameter] = key

    def ask() -> Any:
        pace.take_turn()
        exchange = exchange_with(site.name, lambda: _exchange(web, site, path, query))
        if exchange.status == 429:
            raise _too_many(pace, retry_after(exchange.headers))
        return _document(site, exchange)

    return store.put(request, retrying(ask)), False


def no_answer(site: str, kept: KeptAnswer, message: object) -> LaterError:
    """The error for an answer that tells of a fault of the site: it is not kept, so that the next attempt asks again."""
    kept.path.unlink(missing_ok=True)
    return LaterError(f"{site} answered {told(message)!r}")


def is_about_key(words: str) -> bool:
    """Whether a site's words say that the key is not good."""
    return _BAD_KEY.search(words) is not None


def refused(site: ApiSite, words: str) -> TrailerflowError:
    """The error that a site refuses this key, or every request of ours, with the site's words."""
    name = site.key_variable
    what = f"the key in {name}; set a valid one" if name else "this program; look at its terms"
    return TrailerflowError(f"{site.name} refused {what} ({words}).")


def _too_many(pace: Pace, seconds: float | None) -> Exception:
    """What a 429 means: a short wait is waited out, a longer one is for later."""
    if seconds is None or seconds > SHORT_WAIT_SECONDS:
        return pace.block("429, too many requests", seconds)
    time.sleep(seconds)
    return TransientError(f"{pace.site} answered 429")


def _exchange(web: WebAccess, site: ApiSite, path: str, query: Mapping[str, str]) -> Exchange:
    """Ask, and follow redirects on the site itself.

    Raises:
        TrailerflowError: A redirect leads to another site.
        TransientError: There are too many redirects.
    """
    import requests

    headers = {
        "User-Agent": _user_agent(web),
        "Accept": "application/json",
        "Accept-Encoding": ENCODINGS,
    }
    address = f"{site.address}{path}?{urlencode(query)}"
    with requests.Session() as session:
        # requests reads a redirect's body to the end, even where it does not follow it; there may be no end.
        session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
        for _ in range(MOST_REDIRECTS + 1):
            with session.get(
                address, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
            ) as response:
                location = response.headers.get("Location")
                if response.status_code not in REDIRECTS or not location:
                    body = whole_body(response.raw, response.headers)
                    return Exchange(address, response.status_code, needed_headers(response.headers), body)
            address = _redirected(site, address, location)
    raise TransientError(f"{site.name} redirected more than {MOST_REDIRECTS} times")


def _redirected(site: ApiSite, address: str, location: str) -> str:
    """Where a redirect leads, which must be the site itself."""
    try:
        target = urljoin(address, location)
        problem = redirect_problem(address, target)
    except ValueError:
        target, problem = "", "redirects to an address that is none"
    if problem is not None:
        raise TrailerflowError(
            f"{site.name} {told(problem)}, and nothing is sent there; look whether this network puts a page of its own "
            "(a login, say) before the web."
        )
    return target


def _user_agent(web: WebAccess) -> str:
    """Who asks: Wikimedia's policy wants a way to reach the person behind a program."""
    contact = f"; {web.contact}" if web.contact else ""
    return f"trailerflow/{__version__} (a Snakemake workflow for research on film trailers{contact})"


def _document(site: ApiSite, exchange: Exchange) -> Any:
    status = exchange.status
    words = exchange.body[:MOST_WORDS].decode("utf-8", "replace")
    if site.spent_words and site.spent_words in words:
        raise spent(site.name)
    if status in (401, 403) or (400 <= status < 500 and is_about_key(words)):
        raise refused(site, f"{status}: {told(words)}")
    if status == 404:
        return None
    if status >= 500:
        raise TransientError(f"{site.name} answered {status}")
    if status != 200:
        raise LaterError(
            f"{site.name} answered {status} ({told(words)}); if it stays, its interface has changed"
        )
    try:
        document = parse_json(exchange.body)
    except OutsideError as error:
        raise TransientError(f"the answer of {site.name} cannot be taken: {error}") from None
    if not isinstance(document, dict):
        raise TransientError(f"{site.name} answered with JSON that is no object")
    return document
