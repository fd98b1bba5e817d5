"""One request to YouTube: from the visit's answers, or asked, judged, asked again where that may help, and kept."""

from __future__ import annotations

from collections.abc import Callable

from trailerflow.errors import LaterError
from trailerflow.retry import TransientError, retry_after, retrying
from trailerflow.trailers.youtube.judgement import CAPTIONS_PATH, Judgement, judge, request_of
from trailerflow.web.pace import Pace
from trailerflow.web.visit import Exchange, Visit


def exchanged(
    method: str,
    url: str,
    body: bytes | str | None,
    ask: Callable[[], Exchange],
    *,
    pace: Pace,
    visit: Visit,
) -> Exchange:
    """Get the answer to one request.

    Args:
        method: HTTP method.
        url: Address.
        body: Body of a POST.
        ask: Sends the request; raises `TransientError` where the connection failed.
        pace: The pace of YouTube, asked before each attempt.
        visit: Where good answers are kept.

    Returns:
        A good answer, a redirect, or an answer that stayed odd.

    Raises:
        LaterError: YouTube blocks this address, or the answers stayed faulty.
    """
    asked = request_of(method, url, body)
    if kept := visit.get(asked):
        return kept
    last: list[tuple[Judgement, Exchange]] = []

    def attempt() -> Exchange:
        pace.check()
        exchange = ask()
        judgement = judge(asked, exchange)
        last[:] = [(judgement, exchange)]
        if judgement.verdict == "good":
            visit.put(asked, exchange)
            return exchange
        if judgement.verdict == "moved":
            return exchange
        if judgement.verdict == "blocked":
            raise pace.block(judgement.reason, retry_after(exchange.headers))
        raise TransientError(judgement.reason)

    try:
        exchange = retrying(attempt)
    except LaterError as error:
        if error.earliest is not None or not last:  # blocked, or never answered
            raise
        judgement, exchange = last[0]
        if not exchange.body.strip():
            pace.suspect(judgement.reason)
        if judgement.verdict == "odd":
            return exchange
        raise
    if asked["path"] == CAPTIONS_PATH and last[0][0].verdict == "good":
        pace.trust()
    return exchange
