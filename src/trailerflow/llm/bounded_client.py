"""The HTTP client below the official clients: it bounds an answer's size and time, and follows no redirect elsewhere."""

from __future__ import annotations

import ssl
import time
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.request import getproxies

import httpx

from trailerflow.llm.gate import GATE
from trailerflow.llm.pooled_transport import PooledTransport
from trailerflow.outside import RefusedRedirectError, bounded, redirect_problem, within

MOST_REDIRECTS = 3
KEEPING_METHOD = (307, 308)
GOOD = 200


@cache
def certificates() -> ssl.SSLContext:
    """What servers' certificates are checked by; reading it takes a tenth of a second."""
    return httpx.create_ssl_context()


class BoundedClient(httpx.Client):
    """An HTTP client that reads answers by `trailerflow.outside.bounded` and sends nothing to another host.

    Args:
        seconds: How long one answer may take in all.
        connections: How many connections are kept.
        grace: Seconds after that until an exchange is given up that hangs elsewhere than in the answer.
    """

    def __init__(self, seconds: float, connections: int = 1, *, grace: float = 0.0) -> None:
        # Through a proxy that the environment names only httpx's own connections lead; of these it would keep 20.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        transport = None if getproxies() else PooledTransport(connections, certificates())
        super().__init__(
            verify=certificates(),
            timeout=seconds,
            transport=transport,
            limits=limits,
            headers={"Accept-Encoding": "gzip, deflate"},
        )
        self._seconds = seconds
        self._grace = grace

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request and read the whole answer; its ``elapsed`` begins when the request has its slot.

        The official clients take a while to make a request, which takes no part of a slot's time so.

        Raises:
            OutsideError: The answer is beyond a bound.
            RefusedRedirectError: It redirects to another host.
            httpx.HTTPError: The server was not reached or broke off.
            LaterError: It is not to be sent any more.
        """
        gate = GATE.get()
        if gate is not None:
            gate.enter()
        start = time.monotonic()
        response = within(self._seconds + self._grace, lambda: self._exchange(request, options))
        response.elapsed = timedelta(seconds=time.monotonic() - start)
        if gate is not None and response.status_code == GOOD:
            gate.leave()
        return response

    def _exchange(self, request: httpx.Request, options: dict[str, Any]) -> httpx.Response:
        options |= {"stream": True, "follow_redirects": False}
        for _ in range(MOST_REDIRECTS):
            response = super().send(request, **options)
            try:
                target = _target(request, response)
                if target is None:
                    return self._whole(request, response)
            finally:
                response.close()
            request = self.build_request(
                request.method, target, headers=request.headers, content=request.content
            )
        raise RefusedRedirectError(f"redirects more than {MOST_REDIRECTS} times")

    def _whole(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        body = bounded(
            response.iter_raw(), encoding=response.headers.get("content-encoding", ""), seconds=self._seconds
        )
        headers = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name.lower() not in ("content-encoding", "content-length", "transfer-encoding", "set-cookie")
        ]
        return httpx.Response(response.status_code, headers=headers, content=body, request=request)


def _target(request: httpx.Request, response: httpx.Response) -> str | None:
    """Where an answer redirects to, or None where it does not."""
    if not response.has_redirect_location:
        return None
    url = request.url.join(response.headers["location"])
    if problem := redirect_problem(str(request.url), str(url)):
        raise RefusedRedirectError(problem)
    if response.status_code not in KEEPING_METHOD and request.method != "GET":
        raise RefusedRedirectError(f"redirects by {response.status_code}, which loses the question")
    return str(url)
