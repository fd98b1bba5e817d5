"""Sites that answer in JSON (TMDB, OMDb, Wikipedia), asked politely and never twice for the same."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailerflow import __version__
from trailerflow.answers import KeptAnswer
from trailerflow.errors import TrailerflowError
from trailerflow.retry import TransientError, retry_after, retrying
from trailerflow.web.access import WebAccess
from trailerflow.web.pace import Pace, spent

if TYPE_CHECKING:
    import requests

TIMEOUT_SECONDS = (10.0, 30.0)  # to connect, between two pieces of the answer
SHORT_WAIT_SECONDS = 30.0


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
        The answer, a JSON document, None where the site has nothing under this path (404); and whether it was
        kept from before.

    Raises:
        LaterError: Blocked, the day's requests spent, or a fault that stayed through the retries.
        TrailerflowError: The key is missing or refused, or the site's interface has changed.
    """
    request = {"site": site.name, "path": path, "parameters": dict(parameters)}
    store = web.answers("apis")
    if kept := store.get(request):
        return kept, True
    pace = web.pace(site.name, site.pause_seconds, site.requests_per_day)
    query = dict(parameters)
    if site.key_parameter and (key := site.key()):
        query[site.key_parameter] = key

    def ask() -> Any:
        pace.take_turn()
        response = _get(web, site, path, query)
        if response.status_code == 429:
            raise _too_many(pace, retry_after(response.headers))
        return _document(site, response)

    return store.put(request, retrying(ask)), False


def _too_many(pace: Pace, seconds: float | None) -> Exception:
    """What a 429 means: a short wait is made at once, a longer one is for later."""
    if seconds is None or seconds > SHORT_WAIT_SECONDS:
        return pace.block("429, too many requests", seconds)
    time.sleep(seconds)
    return TransientError(f"{pace.site} answered 429")


def _get(web: WebAccess, site: ApiSite, path: str, query: Mapping[str, str]) -> requests.Response:
    import requests

    try:
        return requests.get(
            f"{site.address}{path}",
            params=query,
            headers={"User-Agent": _user_agent(web), "Accept": "application/json"},
            timeout=TIMEOUT_SECONDS,
        )
    except requests.RequestException as error:
        # The error's own text may hold the address with the key.
        raise TransientError(f"{site.name} could not be reached ({type(error).__name__})") from None


def _user_agent(web: WebAccess) -> str:
    """Who asks: Wikimedia's policy wants a way to reach the person behind a program."""
    contact = f"; {web.contact}" if web.contact else ""
    return f"trailerflow/{__version__} (a Snakemake workflow for research on film trailers{contact})"


def _document(site: ApiSite, response: requests.Response) -> Any:
    status = response.status_code
    if site.spent_words and site.spent_words in response.text:
        raise spent(site.name)
    if status in (401, 403):
        name = site.key_variable
        what = f"the key in {name}; set a valid one" if name else "this program; look at its terms"
        raise TrailerflowError(f"{site.name} refused {what} ({status}).")
    if status == 404:
        return None
    if status >= 500:
        raise TransientError(f"{site.name} answered {status}")
    if status != 200:
        raise TrailerflowError(
            f"{site.name} answered {status} to {response.url.partition('?')[0]}: its interface may have changed."
        )
    try:
        return response.json()
    except ValueError:
        raise TransientError(f"{site.name} answered with something that is not JSON") from None
