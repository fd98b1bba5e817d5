"""A toy warm server, started as the real ones are."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trailerflow.files import make_private_folder
from trailerflow.servers.private_socket import make_socket_place, remove_socket
from trailerflow.servers.warm_server import (
    Endpoint,
    ask_server,
    endpoint_path,
    ensure_server,
    process_start,
    read_endpoint,
)

SERVER = """
import os, sys, time
from pathlib import Path
from trailerflow.servers import serving
assert os.environ["OMP_WAIT_POLICY"] == "passive"
assert sys.stdin.read() == ""
assert sys.argv[-2] == "--endpoint"
serving.LOOK_SECONDS = 0.05
working = []

def slow(body):
    working.append(1)
    time.sleep(0.1)
    working.pop()
    return {"at_once": len(working) + 1}

handlers = {"/pid": lambda body: {"pid": os.getpid(), **body}, "/slow": slow, "/fault": lambda body: {}["x"]}
serving.serve(Path(sys.argv[-1]), "secret", handlers, float(sys.argv[1]))
"""


def alive(pid: int) -> bool:
    return process_start(pid) is not None


def wait_for(what: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(what())


class Server:
    """A toy server, started as the real ones are."""

    def __init__(self, folder: Path) -> None:
        self.idle, self.settings, self.run = 20.0, {"model": "a"}, folder / "run"
        self.program = folder / "server.py"
        self.program.write_text(SERVER)

    def start(self) -> Endpoint:
        return ensure_server(
            "toy", self.settings, self.run, [sys.executable, str(self.program), str(self.idle)]
        )

    def ask(self, path: str = "/pid", **body: Any) -> tuple[int, dict[str, Any]]:
        status, data = ask_server(self.start, path, body, timeout=10)
        return status, json.loads(data)

    def pid(self) -> int:
        status, body = self.ask(x=1)
        assert (status, body["x"]) == (200, 1)
        return int(body["pid"])

    @property
    def endpoint(self) -> Path:
        return endpoint_path("toy", self.settings, self.run)

    def announce(self, **document: Any) -> None:
        """Write the endpoint as somebody else did."""
        make_private_folder(self.endpoint.parent)
        self.endpoint.write_text(json.dumps(document))


@contextmanager
def toy_server(folder: Path) -> Iterator[Server]:
    """A server that is gone in the end, with all others of its folder."""
    server = Server(folder)
    yield server
    for file in (server.run / "servers").glob("*.json"):
        if endpoint := read_endpoint(file):
            if endpoint.pid != os.getpid() and alive(endpoint.pid):
                os.kill(endpoint.pid, signal.SIGKILL)
            remove_socket(endpoint.place)


@contextmanager
def socket_place() -> Iterator[Path]:
    """A place for a socket, removed in the end with the socket."""
    place = make_socket_place()
    yield place
    if place.parent.exists():
        place.parent.chmod(0o700)
        remove_socket(place)
