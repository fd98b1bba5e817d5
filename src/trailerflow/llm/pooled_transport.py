"""The way of httpx's requests to servers by urllib3's connections.

With 64 requests in flight, httpx's own connections took half of the CPU time of a request: with each change it looks
through all of them.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import urllib3
from urllib3 import exceptions

BLOCK_BYTES = 65536


class PooledTransport(httpx.BaseTransport):
    """Sends requests by connections that are kept. It follows no redirect, asks nothing twice and unpacks nothing.

    Args:
        connections: How many to a server are kept; more are made where they are needed.
        certificates: What servers' certificates are checked by.
    """

    def __init__(self, connections: int, certificates: ssl.SSLContext) -> None:
        self._pools = urllib3.PoolManager(maxsize=connections, ssl_context=certificates)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is read as it is wanted.

        Raises:
            httpx.TransportError: The server was not reached or broke off.
        """
        seconds = request.extensions.get("timeout", {})
        with _told_by_httpx(request):
            response = self._pools.urlopen(
                request.method,
                str(request.url),
                headers=dict(request.headers),
                body=request.read(),
                timeout=urllib3.Timeout(connect=seconds.get("connect"), read=seconds.get("read")),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        return httpx.Response(
            response.status, headers=list(response.headers.items()), stream=_Body(request, response)
        )

    def close(self) -> None:
        """Close the connections."""
        self._pools.clear()


class _Body(httpx.SyncByteStream):
    """An answer's body. A connection of which all was read is kept for the next request, any other one is closed."""

    def __init__(self, request: httpx.Request, response: urllib3.BaseHTTPResponse) -> None:
        self._request = request
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _told_by_httpx(self._request):
            # What has come, and not whole blocks: else who reads could not give up a server that sends a byte now and then.
            while block := self._response.read1(BLOCK_BYTES, decode_content=False):
                yield block

    def close(self) -> None:
        """Close the connection if something of the answer was not read."""
        self._response.close()


@contextmanager
def _told_by_httpx(request: httpx.Request) -> Iterator[None]:
    """Raise urllib3's faults as those of httpx, which the official clients know."""
    try:
        yield
    except exceptions.HTTPError as fault:
        raise _of_httpx(fault)(str(fault), request=request) from fault


def _of_httpx(fault: exceptions.HTTPError) -> type[httpx.TransportError]:
    if isinstance(fault, exceptions.NewConnectionError | exceptions.SSLError):
        return httpx.ConnectError
    if isinstance(fault, exceptions.ConnectTimeoutError):  # after its own kind, a refused connection
        return httpx.ConnectTimeout
    if isinstance(fault, exceptions.ReadTimeoutError):
        return httpx.ReadTimeout
    return httpx.ReadError
