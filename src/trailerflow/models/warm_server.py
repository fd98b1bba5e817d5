"""Model servers that stay warm: started by the first job that needs one, found by the others, gone when idle.

The pattern and why it is none of Snakemake's own (``service()`` reruns every movie when one changed and loses all
outputs in a crash; hooks run too often or not at all) is told with figures in docs/architecture.md.

A server is of one node, one allocation and one setting of one model. Its endpoint is a file that only its owner can
read, with the address on 127.0.0.1 and a random key.
"""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError

START_SECONDS = 300.0
"""Longest time a server may take to load its model."""

RUN_VARIABLE = "TRAILERFLOW_RUN"
"""Environment variable of the run: ``<pid>:<start in clock ticks>:<folder>``; a server does not outlive that process."""


@dataclass(frozen=True)
class Endpoint:
    """Where a server answers.

    Attributes:
        port: Port on 127.0.0.1.
        key: The bearer token that it asks for.
        path: The endpoint's file.
    """

    port: int
    key: str
    path: Path


def settings_hash(settings: Mapping[str, Any]) -> str:
    """Short name of a server's settings: another model or another setting is another server."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]


def endpoint_path(kind: str, settings: Mapping[str, Any], run: Path) -> Path:
    """File of the endpoint for these settings on this node and in this allocation."""
    place = f"{socket.gethostname()}.{os.environ.get('SLURM_JOB_ID', 'local')}"
    return run / "servers" / f"{kind}.{settings_hash(settings)}.{place}.json"


def ensure_server(kind: str, settings: Mapping[str, Any], run: Path, command: Sequence[str]) -> Endpoint:
    """Find the warm server for these settings, or start it and wait until it answers.

    Args:
        kind: ``llm`` or ``speech``.
        settings: All that distinguishes this server from another (model, hash, threads, context …).
        run: Folder of what lives during a run.
        command: Program that serves; ``--endpoint PATH`` is added. It writes the endpoint when it is ready.

    Raises:
        TrailerflowError: The server ended or was not ready in time; the sentence names its log.
    """
    path = endpoint_path(kind, settings, run)
    if found := _answering(path):
        return found
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel frees it if the starter dies
        if found := _answering(path):
            return found
        return _start(path, command)


def _start(path: Path, command: Sequence[str]) -> Endpoint:
    path.unlink(missing_ok=True)
    log_path = path.with_suffix(".log")
    with open(log_path, "ab") as log:
        process = subprocess.Popen(
            [*command, "--endpoint", str(path)],
            start_new_session=True,  # keeps a terminal's Ctrl-C away from it
            close_fds=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "OMP_WAIT_POLICY": "passive"},
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if found := _answering(path):
            return found
        if process.poll() is not None:
            raise TrailerflowError(
                f"The model server ended with code {process.returncode} while starting: {_last_line(log_path)} "
                f"(its log is {log_path})."
            )
        time.sleep(0.05)
    process.kill()
    raise TrailerflowError(
        f"The model server was not ready after {START_SECONDS:.0f} s; its log is {log_path}."
    )


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "it said nothing"


def read_endpoint(path: Path) -> Endpoint | None:
    """The endpoint that a file names, or None where there is none (yet)."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Endpoint(int(document["port"]), str(document["key"]), path)
    except (FileNotFoundError, ValueError, KeyError):
        return None


def _answering(path: Path) -> Endpoint | None:
    endpoint = read_endpoint(path)
    if endpoint is None:
        return None
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=10)
    try:
        connection.request("GET", "/health", headers={"Authorization": f"Bearer {endpoint.key}"})
        return endpoint if connection.getresponse().status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def post(endpoint: Endpoint, path: str, body: Mapping[str, Any], timeout: float) -> tuple[int, bytes]:
    """Send one JSON request to a warm server.

    Returns:
        HTTP status and body.

    Raises:
        OSError, http.client.HTTPException: The server is gone; ask `ensure_server` again.
    """
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=timeout)
    try:
        headers = {"Authorization": f"Bearer {endpoint.key}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body).encode(), headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def ask_server(
    start: Callable[[], Endpoint], path: str, body: Mapping[str, Any], *, timeout: float, tries: int = 3
) -> tuple[int, bytes]:
    """Send one request to a warm server, starting it anew when it crashed or left in between.

    Args:
        start: Gives the endpoint, as `ensure_server` does.
        path: Path of the request.
        body: JSON document.
        timeout: Seconds to wait for the answer.
        tries: How often to go round.

    Raises:
        TrailerflowError: The server was lost ``tries`` times.
    """
    for _ in range(tries):
        endpoint = start()
        try:
            return post(endpoint, path, body, timeout)
        except TimeoutError:
            raise TrailerflowError(
                f"The model server gave no answer within {timeout:.0f} s; "
                f"its log is {endpoint.path.with_suffix('.log')}."
            ) from None
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
    raise TrailerflowError(
        f"The model server was lost {tries} times in a row; its log is {endpoint.path.with_suffix('.log')}."
    )


# ---- the server's side ------------------------------------------------------------------------------------------


def announce(path: Path, port: int, key: str) -> None:
    """Write the endpoint so that only its owner can read it, in one step."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"port": port, "key": key, "pid": os.getpid()}, file)
    os.replace(part, path)


def process_start(pid: int) -> float | None:
    """Start of a process in clock ticks since boot, or None when it is gone; tells a reused pid from the old one."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return None if fields[0] in "ZX" else float(fields[19])


def run_identity(folder: Path) -> str:
    """Value of `RUN_VARIABLE` for the processes that a run starts.

    The one that was inherited is kept where its process is alive on this node and works in the same folder: a job that
    Snakemake runs by a Snakemake of its own belongs to the run. On another node it is made anew.
    """
    inherited = os.environ.get(RUN_VARIABLE, "")
    if inherited.endswith(f":{folder}") and not run_is_over():
        return inherited
    return f"{os.getpid()}:{process_start(os.getpid())}:{folder}"


def run_is_over() -> bool:
    """True when the Snakemake process that this server's run belongs to is no longer there."""
    described = os.environ.get(RUN_VARIABLE)
    if not described or sys.platform != "linux":
        return False
    pid, start, _ = described.split(":", 2)
    return str(process_start(int(pid))) != start


def leave_when_idle(path: Path, activity: Callable[[], tuple[int, object]], idle_seconds: float) -> None:
    """Watch a server and end this process when nobody asks any more.

    Args:
        path: The endpoint's file; removed on leaving, unless another server has taken its place.
        activity: Gives the number of open requests and any value that changes with each request served.
        idle_seconds: Seconds without a request after which the server leaves. It leaves at once, when no request
            is open, where its run is over.
    """
    last_seen, last_busy = activity()[1], time.monotonic()
    while True:
        time.sleep(0.5)
        open_requests, seen = activity()
        if open_requests or seen != last_seen:
            last_seen, last_busy = seen, time.monotonic()
        elif time.monotonic() - last_busy > idle_seconds or run_is_over():
            break
    document = json.loads(path.read_text()) if path.exists() else {}
    if document.get("pid") == os.getpid():
        path.unlink(missing_ok=True)
    sys.stdout.flush()
    os._exit(0)  # the engines' own threads would hang a normal exit


def serve(
    path: Path,
    key: str,
    handlers: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]],
    idle_seconds: float,
) -> None:
    """Serve JSON requests on 127.0.0.1 until idle: for engines that bring no HTTP server of their own.

    Args:
        path: Endpoint's file to announce.
        key: Bearer token to ask for.
        handlers: Function for each path; takes and gives a JSON document. Calls come one at a time.
        idle_seconds: See `leave_when_idle`.
    """
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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
            if self.headers.get("Authorization") != f"Bearer {key}":
                self._reply(401, {"error": "wrong key"})
                return
            handler = handlers.get(self.path)
            if handler is None:
                self._reply(404, {"error": f"no such path: {self.path}"})
                return
            with count:
                state["open"] += 1
            try:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with engine:
                    document = handler(body)
                self._reply(200, document)
            except Exception as error:  # the engine's fault belongs to the asking job, not to the server
                self.log_error("%s: %s", type(error).__name__, error)
                sys.stderr.write(f"{type(error).__name__}: {error}\n")
                self._reply(500, {"error": f"{type(error).__name__}: {error}"})
            finally:
                with count:
                    state["open"] -= 1
                    state["served"] += 1

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    announce(path, server.server_port, key)
    leave_when_idle(path, lambda: (state["open"], state["served"]), idle_seconds)
