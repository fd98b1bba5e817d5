"""A server on this machine that answers as a test says, down to the single byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

Part = bytes | Callable[[], object]


@contextmanager
def raw_site(pages: Mapping[str, list[Part]]) -> Iterator[str]:
    """Serve each path by what is listed for it: bytes are sent as they are, functions are called; then it hangs up.

    Args:
        pages: Path to what is done for it.

    Yields:
        The address, without a slash at its end.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, pages), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _accept(listening: socket.socket, pages: Mapping[str, list[Part]]) -> None:
    with suppress(OSError):  # the test is over
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=_answer, args=(connection, pages), daemon=True).start()


def _answer(connection: socket.socket, pages: Mapping[str, list[Part]]) -> None:
    with connection, suppress(OSError):
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(65536)
        for part in pages.get(request.split()[1].decode(), [head(b"", status="404 Not Found")]):
            if isinstance(part, bytes):
                connection.sendall(part)
            else:
                part()


def head(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole answer with its length, or with the length that it claims.

    >>> head(b"abc", "X-Kind: toy")
    b'HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nX-Kind: toy\\r\\n\\r\\nabc'
    """
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def unframed(body: bytes, *headers: str) -> bytes:
    """An answer that has no length, but what other headers say."""
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode() + body
