"""The server's side of `trailerflow.servers.warm_server`: announced to this user alone, gone when nobody asks any more."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from trailerflow.files import write_json
from trailerflow.servers.private_socket import make_socket_place, remove_socket
from trailerflow.servers.warm_server import read_endpoint, run_is_over

LOOK_SECONDS = 0.5


def add_server_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what every server is told: threads, idle_seconds and endpoint."""
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument(
        "--idle-seconds", type=float, required=True, help="leave after so long without a request"
    )
    parser.add_argument("--endpoint", type=Path, required=True, help="file to announce address and key in")


@contextmanager
def announced(path: Path, key: str) -> Iterator[Path]:
    """Tell the jobs of this user, and nobody else, where this process is going to listen, until the block ends.

    Args:
        path: The endpoint's file; removed in the end, unless another server has taken its place.
        key: The bearer token that is asked for.

    Yields:
        Where to make the socket; it is removed too.
    """
    place = make_socket_place()
    try:
        write_json(path, {"socket": str(place), "key": key, "pid": os.getpid()}, private=True)
        yield place
    finally:
        found = read_endpoint(path)
        if found and found.pid == os.getpid():
            path.unlink(missing_ok=True)
        remove_socket(place)


class _EndedError(Exception):
    """Somebody asks this process to end."""


def wait_until_idle(activity: Callable[[], tuple[int, object]], idle_seconds: float) -> None:
    """Watch a server until nobody asks any more, or until this process is asked to end (SIGTERM).

    Args:
        activity: Gives the number of open requests and any value that changes with each request served.
        idle_seconds: Seconds without a request after which the server leaves. It leaves at once, when no request
            is open, where its run is over.
    """

    def end(*_: object) -> NoReturn:
        raise _EndedError

    last_seen, last_busy = activity()[1], time.monotonic()
    with suppress(_EndedError):
        signal.signal(signal.SIGTERM, end)
        while True:
            time.sleep(LOOK_SECONDS)
            open_requests, seen = activity()
            if open_requests or seen != last_seen:
                last_seen, last_busy = seen, time.monotonic()
            elif time.monotonic() - last_busy > idle_seconds or run_is_over():
                return


def end_process() -> NoReturn:
    """End this process at once: the engines' own threads would hang a normal exit."""
    sys.stdout.flush()
    os._exit(0)


def serve(
    path: Path,
    key: str,
    handlers: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]],
    idle_seconds: float,
) -> NoReturn:
    """Serve JSON requests until idle, then end this process: for engines that bring no HTTP server of their own.

    Args:
        path: Endpoint's file to announce.
        key: Bearer token to ask for.
        handlers: Function for each path; takes and gives a JSON document. Calls come one at a time.
        idle_seconds: See `wait_until_idle`.
    """
    from http.server import BaseHTTPRequestHandler
    from socketserver import ThreadingUnixStreamServer

    expected = f"Bearer {key}".encode()
    state = {"open": 0, "served": 0}
    engine = threading.Lock()
    count = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            """Keep the log to what went wrong."""

        def _reply(self, status: int, document: dict[str, Any]) -> None:
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self._reply(200 if self.path == "/health" else 404, {})

        def do_POST(self) -> None:
            # This comes first: a client that is still sending loses an answer that comes earlier.
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if not secrets.compare_digest(self.headers.get("Authorization", "").encode(), expected):
                self._reply(401, {"error": "wrong key"})
                return
            handler = handlers.get(self.path)
            if handler is None:
                self._reply(404, {"error": f"no such path: {self.path}"})
                return
            with count:
                state["open"] += 1
            try:
                body = json.loads(data)
                with engine:
                    document = handler(body)
                self._reply(200, document)
            except Exception as error:  # the engine's fault belongs to the asking job, not to the server
                sys.stderr.write(f"{type(error).__name__}: {error}\n")
                self._reply(500, {"error": f"{type(error).__name__}: {error}"})
            finally:
                with count:
                    state["open"] -= 1
                    state["served"] += 1

    class Server(ThreadingUnixStreamServer):
        daemon_threads = True
        request_queue_size = 128  # of clients that wait; one more would be turned away

    with announced(path, key) as place:
        server = Server(str(place), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        wait_until_idle(lambda: (state["open"], state["served"]), idle_seconds)
    end_process()
