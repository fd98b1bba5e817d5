"""A server on this machine that answers as a test says, down to the single byte."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

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
        _answer_from_now_on(listening, pages, [])
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def local_site(place: Path, pages: Mapping[str, list[Part]]) -> Iterator[list[bytes]]:
    """Like `raw_site`, at a socket in a folder.

    Yields:
        All that came, as it came.
    """
    came: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()
        _answer_from_now_on(listening, pages, came)
        yield came


def _answer_from_now_on(listening: socket.socket, pages: Mapping[str, list[Part]], came: list[bytes]) -> None:
    threading.Thread(target=_accept, args=(listening, pages, came), daemon=True).start()


def _accept(listening: socket.socket, pages: Mapping[str, list[Part]], came: list[bytes]) -> None:
    with suppress(OSError):  # the test is over
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=_answer, args=(connection, pages, came), daemon=True).start()


def _answer(connection: socket.socket, pages: Mapping[str, list[Part]], came: list[bytes]) -> None:
    with connection, suppress(OSError):
        request = b""
        while not _is_whole(request):
            part = connection.recv(65536)
            if not part:
                return
            came.append(part)
            request += part
        for part in pages.get(request.split()[1].decode(), [head(b"", status="404 Not Found")]):
            if isinstance(part, bytes):
                connection.sendall(part)
            else:
                part()


def _is_whole(request: bytes) -> bool:
    before, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\nContent-Length: (\d+)", before)
    return bool(end) and len(body) >= int(length[1] if length else 0)


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
