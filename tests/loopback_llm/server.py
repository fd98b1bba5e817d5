"""The service: HTTP on 127.0.0.1, one thread a connection."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from loopback_llm.faults import FAULTS, Fault
from loopback_llm.limits import Limits
from loopback_llm.messages import completion, error, structured_or_prose, tokens

GROQ_PATH = "/openai/v1"
OPENAI_PATH = "/v1"
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: on, no seconds


class Site:
    """A service that answers as it is told.

    Attributes:
        reply: Makes the answer's text of the request's body.
        delay: Seconds before each answer.
        limits: The account's limits.
        models: Names of the models that it has; empty for one that lists none.
        key: The key that it wants, or None.
        journal: A dictionary for each request for a completion, in order of arrival: time, path, key, fault, status,
            whole (written to the last byte to a client that was still there), answered (time), and the body's own fields.
    """

    def __init__(
        self, models: Iterable[str] = (), reply: Callable[[dict[str, Any]], str] | None = None
    ) -> None:
        self.reply = reply or structured_or_prose
        self.delay = 0.0
        self.limits = Limits()
        self.models = list(models)
        self.key: str | None = None
        self.journal: list[dict[str, Any]] = []
        self._faults: list[list[Any]] = []
        self._lock = threading.Lock()
        site = self

        class Handler(_Handler):
            pass

        Handler.site = site
        self.server = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self) -> str:
        """Base URL of OpenAI's dialect."""
        return f"http://127.0.0.1:{self.server.server_port}{OPENAI_PATH}"

    @property
    def groq_address(self) -> str:
        """Base URL of Groq's dialect; Groq's client adds the path itself."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def fail(self, fault: str | Fault, times: float = 1, containing: str = "") -> None:
        """Disturb the next answers.

        Args:
            fault: Name in `FAULTS`, or one of your own.
            times: How many of them; infinity for all to come.
            containing: Only answers to requests whose messages hold this text.
        """
        self._faults.append([FAULTS[fault] if isinstance(fault, str) else fault, fault, times, containing])

    def heal(self) -> None:
        """Forget all faults."""
        self._faults.clear()

    def enter(self, path: str, key: str | None, body: dict[str, Any]) -> tuple[dict[str, Any], Fault | None]:
        """Note a request in the journal, and find the fault that is to disturb it."""
        said = " ".join(message["content"] or "" for message in body["messages"])
        with self._lock:
            entry = {"time": time.time(), "path": path, "key": key, "fault": None, "whole": False, **body}
            self.journal.append(entry)
            for scripted in self._faults:
                fault, name, times, containing = scripted
                if times > 0 and containing in said:
                    scripted[2] -= 1
                    entry["fault"] = name if isinstance(name, str) else "scripted"
                    return entry, fault
            return entry, None

    def answer(
        self, body: dict[str, Any], fault: Fault | None, *, groq: bool
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer."""
        if fault is not None and fault.body is not None:
            return fault.status, dict(fault.headers), fault.body
        with self._lock:
            wait = self.limits.refuses()
            if wait is not None:
                headers = {"Retry-After": f"{wait:.3f}", **self.limits.headers(groq=groq)}
                return 429, headers, error("Rate limit reached", "rate_limit_exceeded")
            document = completion(body, self.reply(body))
            self.limits.count(sum(tokens(message["content"]) for message in body["messages"]))
            headers = self.limits.headers(groq=groq)
        if fault is not None and fault.change is not None:
            fault.change(document)
        return 200, headers, json.dumps(document).encode()


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that was killed is no news."""


class _Handler(BaseHTTPRequestHandler):
    site: Site
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """The journal is enough."""

    def do_GET(self) -> None:
        """The list of models."""
        site = self.site
        if site.key and self.headers.get("Authorization") != f"Bearer {site.key}":
            self._send(401, {}, error("Incorrect API key provided", "invalid_api_key"))
        elif self.path.endswith("/models") and site.models:
            listed = [{"id": name, "object": "model"} for name in site.models]
            self._send(200, {}, json.dumps({"object": "list", "data": listed}).encode())
        else:
            self._send(404, {}, error("Not found", "not_found"))

    def do_POST(self) -> None:
        """A completion, or what disturbs it."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.path.endswith("/chat/completions"):
            return self._send(404, {}, error("Unknown path", "not_found"))
        entry, fault = self.site.enter(self.path, self.headers.get("Authorization"), body)
        if fault is not None and fault.behaviour == "hang":
            return self._wait_until_left()
        if fault is not None and fault.behaviour == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
            self.close_connection = True
            return self.connection.close()
        status, headers, data = self.site.answer(body, fault, groq=self.path.startswith(GROQ_PATH))
        time.sleep(self.site.delay)
        entry |= {"status": status, "answered": time.time()}
        if self._has_left():
            self.close_connection = True
            return None
        cut = fault is not None and fault.behaviour == "cut"
        self._send(status, headers, data[: len(data) // 2] if cut else data, length=len(data))
        self.close_connection = self.close_connection or cut
        entry["whole"] = not cut
        return None

    def _send(self, status: int, headers: dict[str, str], data: bytes, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(data)

    def _has_left(self) -> bool:
        """Whether the client has closed its end: a killed one has."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def _wait_until_left(self) -> None:
        self.close_connection = True
        select.select([self.connection], [], [], 60)
