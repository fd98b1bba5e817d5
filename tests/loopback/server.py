"""An HTTP proxy on loopback that plays the web itself, with TLS of its own authority."""

from __future__ import annotations

import os
import re
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from loopback.apis import Apis
from loopback.certificates import Authority
from loopback.faults import Fault, Faults, disturbed
from loopback.journal import Entry, Journal
from loopback.messages import Answer, Asked, Request, page
from loopback.youtube import YouTube

PIECE = 16_384
"""Bytes that are written at once."""

SLOW_PIECES = 20
"""In so many pieces ``slow`` dribbles a body."""

DRIP_SECONDS = 0.05
"""Between two bytes of ``drip`` and ``driphead``."""


class Server:
    """The web of a test, from ``with`` to its end.

    An exception in an answer of the test's own (see `loopback.apis`) is raised again at the end.

    Args:
        youtube: What YouTube answers.
        apis: What other hosts answer.
        faults: What goes wrong.
        journal: Where requests are noted.

    Attributes:
        proxy: Address of the proxy.
        ca: PEM file of the authority to trust.
        environment: Environment variables that send a child process here, whatever it asks.
        journal: The requests.
        faults: The faults.
    """

    def __init__(
        self,
        youtube: YouTube,
        apis: Apis | None = None,
        faults: Faults | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.youtube = youtube
        self.apis = apis or Apis()
        self.faults = faults or Faults()
        self.journal = journal or Journal()
        self.stopping = threading.Event()
        self._folder = tempfile.TemporaryDirectory(prefix="loopback-")
        self._authority = Authority(Path(self._folder.name))
        self._listener = _Listener(self)
        self.ca = self._authority.path
        self.proxy = f"http://127.0.0.1:{self._listener.server_port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._folder.cleanup()
        if error is None and self._listener.errors:
            raise self._listener.errors[0]

    @property
    def environment(self) -> dict[str, str]:
        """Variables to merge into a child's environment; yt-dlp also needs ``compat_opts=["no-certifi"]``."""
        variables = {"HTTP_PROXY": self.proxy, "HTTPS_PROXY": self.proxy, "NO_PROXY": "127.0.0.1,localhost"}
        both = variables | {name.lower(): value for name, value in variables.items()}
        return both | {"REQUESTS_CA_BUNDLE": str(self.ca), "SSL_CERT_FILE": str(self.ca)}

    def plays(self, host: str) -> bool:
        """Whether a host is played here."""
        return self.youtube.plays(host) or self.apis.plays(host)

    def encrypt(self, connection: socket.socket, host: str) -> socket.socket:
        """Be a host on a connection that a client has tunnelled to it."""
        return self._authority.context(host).wrap_socket(connection, server_side=True)

    def decide(self, request: Request) -> tuple[Entry, Answer, Fault | None]:
        """Note a request that has arrived, and say how it is answered."""
        if self.youtube.plays(request.host):
            asked = self.youtube.understand(request)
        elif self.apis.plays(request.host):
            asked = self.apis.understand(request)
        else:
            return self.journal.enter(request, Asked("foreign")), page("This host is not played.", 403), None
        entry = self.journal.enter(request, asked)
        fault = self.faults.take(asked.route, asked.video)
        if fault:
            entry.fault = fault.text
        if self.youtube.plays(request.host):
            return entry, self.youtube.answer(request, asked, fault), fault
        answer = self.apis.answer(request)
        return entry, disturbed(fault, answer) if fault else answer, fault


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, web: Server) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = web
        self.errors: list[BaseException] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what is no mere broken connection."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener
    tunnelled = ""
    """The host that the client reached by CONNECT."""

    def log_message(self, format: str, *arguments: Any) -> None:
        pass

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0].lower()
        if not self.server.web.plays(host):
            self._transmit(*self.server.web.decide(Request("CONNECT", host, self.path)))
            self.close_connection = True
            return
        self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.connection = self.server.web.encrypt(self.connection, host)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)
        self.tunnelled = host
        self.close_connection = False  # the loop of `handle` reads on, from within the tunnel

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        host = self.tunnelled or (address.hostname or "").lower()
        target = self.path if self.tunnelled else address._replace(scheme="", netloc="").geturl()
        if self.server.web.stopping.is_set():
            self.close_connection = True
            return
        request = Request(self.command, host, target, headers, body)
        entry, answer, fault = self.server.web.decide(request)
        self._transmit(entry, _part(answer, headers), fault)

    def do_POST(self) -> None:
        self.do_GET()

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _transmit(self, entry: Entry, answer: Answer, fault: Fault | None) -> None:
        kind = fault.body or fault.name if fault else None
        if kind == "reset":
            self._reset()
        elif fault and kind == "hang":
            self.server.web.stopping.wait(fault.seconds)
            self.close_connection = True
        elif kind in ("drip", "driphead", "endless"):
            self._send_for_ever(answer, kind)
            self.close_connection = True
        elif kind == "truncate":
            self._write(entry, answer, answer.body[: len(answer.body) // 2], fault)
            self.close_connection = True
        else:
            self._write(entry, answer, answer.body, fault)

    def _write(self, entry: Entry, answer: Answer, body: bytes, fault: Fault | None) -> None:
        head = _head(answer)
        content = memoryview(head + body)
        end = len(content) - 1
        slow = fault is not None and fault.name == "slow"
        size = -(-end // SLOW_PIECES) if slow else PIECE
        entry.status = answer.status
        for start in range(0, end, size):
            if fault and slow:
                self.server.web.stopping.wait(fault.seconds / SLOW_PIECES)
            stop = min(start + size, end)
            self.connection.sendall(content[start:stop])
            entry.sent = max(0, stop - len(head))
        with self.server.web.journal.lock:
            self.connection.sendall(content[end:])
            entry.sent = len(body)
            entry.whole = fault is None

    def _send_for_ever(self, answer: Answer, kind: str) -> None:
        head = _head(answer, "Connection: close")
        self.connection.sendall(head[:-2] + b"X-Drip: " if kind == "driphead" else head)
        while not self.server.web.stopping.wait(0 if kind == "endless" else DRIP_SECONDS):
            self.connection.sendall(bytes(PIECE) if kind == "endless" else b" ")

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True


def _head(answer: Answer, end: str = "") -> bytes:
    """Status and headers.

    Args:
        answer: What is sent.
        end: The header that says where the body ends; by default its length.
    """
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    lines.append(end or f"Content-Length: {len(answer.body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _part(answer: Answer, headers: Mapping[str, str]) -> Answer:
    """What a request for a range gets of a good answer."""
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", headers.get("range", ""))
    if not asked or answer.status != 200:
        return answer
    size = len(answer.body)
    first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    if first > last:
        return Answer(416, {"Content-Range": f"bytes */{size}"}, b"")
    where = {"Content-Range": f"bytes {first}-{last}/{size}"}
    return Answer(206, {**answer.headers, **where}, answer.body[first : last + 1])
