"""The service's HTTP on 127.0.0.1, one thread a connection."""

from __future__ import annotations

import json
import socket
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from loopback_llm.messages import Answer, error

if TYPE_CHECKING:
    from loopback_llm.site import Site

OPENAI_PATH, GROQ_PATH = "/v1", "/openai/v1"
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: on, no seconds
LOOK_SECONDS = 0.05
NOT_FOUND = Answer(404, error("Not found", "not_found"))
NOT_JSON = Answer(400, error("We could not parse the JSON body of your request", "invalid_json"))
WRONG_KEY = Answer(401, error("Incorrect API key provided", "invalid_api_key"))


class Server(ThreadingHTTPServer):
    """Listens from its making on.

    Attributes:
        site: Says what is answered.
        errors: Faults of the service itself.
    """

    request_queue_size = 256
    daemon_threads = True

    def __init__(self, site: Site) -> None:
        self.site = site
        self.errors: list[BaseException] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no news; a fault of the service is."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body
    disable_nagle_algorithm = True  # else the last byte waits for the client to acknowledge the others
    server: Server

    def log_message(self, *_: object) -> None:
        """The journal is enough."""

    def do_GET(self) -> None:
        """The models."""
        site, (_, path) = self.server.site, self._dialect()
        self._send(WRONG_KEY if site.refuses(self.headers["Authorization"]) else site.list_models(path))

    def do_POST(self) -> None:
        """A completion, or what disturbs it."""
        site, (groq, path) = self.server.site, self._dialect()
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if site.stopping.is_set():
            return self._reset()
        try:
            body = json.loads(data)
        except ValueError:
            return self._send(NOT_JSON)
        if path != "/chat/completions":
            return self._send(NOT_FOUND)
        entry = site.entries.enter(self.path, self.headers["Authorization"], body)
        try:
            self._complete(entry, body, groq=groq)
        finally:
            if entry["answered"] is None:
                self.close_connection = True
                site.entries.settle(entry)
        return None

    def _dialect(self) -> tuple[bool, str]:
        """Whether Groq's dialect is spoken, and the path under its base; nothing for another base."""
        path = unquote(self.path.partition("?")[0])
        for base in (GROQ_PATH, OPENAI_PATH):
            if path.startswith(f"{base}/"):
                return base == GROQ_PATH, path.removeprefix(base)
        return False, ""

    def _complete(self, entry: dict[str, Any], body: dict[str, Any], *, groq: bool) -> None:
        site = self.server.site
        fault = site.take_fault(entry)
        if fault is not None and fault.behaviour == "reset":
            return self._reset()
        if fault is not None and fault.behaviour == "hang":
            while not (site.stopping.is_set() or self._has_left()):
                site.stopping.wait(LOOK_SECONDS)
            return None
        refused = site.refuses(entry["key"])
        answer = WRONG_KEY if refused else site.complete(body, fault, groq=groq)
        site.stopping.wait(site.delay + (fault.delay if fault else 0.0))
        if site.stopping.is_set() or self._has_left():
            return None
        cut = len(answer.body) // 2 if fault is not None and fault.behaviour == "cut" else None
        self._send(answer, entry, cut)
        return None

    def _send(self, answer: Answer, entry: dict[str, Any] | None = None, cut: int | None = None) -> None:
        """Write an answer, or its first bytes, and note that it was written whole."""
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if entry is not None:
            entry["status"] = answer.status
        if cut is not None:
            self.wfile.write(answer.body[:cut])
            self.wfile.flush()
            return
        self.wfile.write(answer.body[:-1])
        if answer.body:
            self.wfile.flush()
        with self.server.site.entries.lock:
            self.wfile.write(answer.body[-1:])
            self.wfile.flush()
            if entry is not None:
                self.server.site.entries.settle(entry, whole=True)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        self.close_connection = True
        self.connection.close()

    def _has_left(self) -> bool:
        """Whether the client has closed its end: a killed one has."""
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except ConnectionError:
            return True
