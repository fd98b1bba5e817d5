"""Model servers that stay warm: started by the first job that needs one, found by the others, gone when idle.

The pattern and why it is none of Snakemake's own (``service()`` reruns every movie when one changed and loses all
outputs in a crash; hooks run too often or not at all) stands in docs/decisions/0006-warm-models.md.

A server is of one node, one allocation and one setting of one model. Its endpoint is a file that only its owner can
read, with the place of its socket, which only its owner can reach, and a random key.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from trailerflow.errors import TrailerflowError
from trailerflow.files import OWNER_FILE
from trailerflow.lock import long_lock
from trailerflow.outside import DeadlineError, OutsideError, bounded, parse_json, within
from trailerflow.servers.private_socket import PrivateConnection, remove_socket

START_SECONDS = 300.0
"""Longest time a server may take to load its model."""

HEALTH_SECONDS = 10.0
"""A server that does not say within this time that it is well is started anew."""

POLL_SECONDS = 0.05
LOST_SECONDS = 0.2
BLOCK_BYTES = 1 << 20

RUN_VARIABLE = "TRAILERFLOW_RUN"
"""Environment variable of the run: ``<pid>:<start in clock ticks>:<folder>``; a server does not outlive that process."""


@dataclass(frozen=True)
class Endpoint:
    """Where a server answers.

    Attributes:
        place: Path of its socket.
        key: The bearer token that it asks for.
        pid: Number of its process.
        path: The endpoint's file.
    """

    place: Path
    key: str
    pid: int
    path: Path


def settings_hash(settings: Mapping[str, Any]) -> str:
    """Short name of a server's settings: another model or another setting is another server."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]


def endpoint_path(kind: str, settings: Mapping[str, Any], run: Path) -> Path:
    """File of the endpoint for these settings on this node and in this allocation."""
    return run / "servers" / f"{kind}.{settings_hash(settings)}{_ending()}"


def _ending() -> str:
    """How the names of all endpoints of this node and this allocation end."""
    return f".{socket.gethostname()}.{os.environ.get('SLURM_JOB_ID', 'local')}.json"


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
    with long_lock(path.with_suffix(".lock"), lambda: _answering(path)) as found:
        return found or _start(path, command)


def _opened_private(path: Path) -> IO[bytes]:
    """Open a file that is for its owner alone, to write at its end."""
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, OWNER_FILE))


def _start(path: Path, command: Sequence[str]) -> Endpoint:
    _remove_left(path)
    log_path = path.with_suffix(".log")
    with _opened_private(log_path) as log:
        process = subprocess.Popen(
            [*command, "--endpoint", str(path)],
            start_new_session=True,  # keeps a terminal's Ctrl-C away from it
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
        time.sleep(POLL_SECONDS)
    process.kill()
    raise TrailerflowError(
        f"The model server was not ready after {START_SECONDS:.0f} s; its log is {log_path}."
    )


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "it said nothing"


def _remove_left(path: Path) -> None:
    """Remove an endpoint whose server does not answer, and the sockets of all servers of this node that were killed."""
    for other in path.parent.glob("*.json"):
        if other.name.endswith(_ending()) and (left := read_endpoint(other)):
            is_gone = sys.platform == "linux" and process_start(left.pid) is None
            if other == path or is_gone:
                remove_socket(left.place)
    path.unlink(missing_ok=True)


def read_endpoint(path: Path) -> Endpoint | None:
    """The endpoint that a file names, or None where there is none (yet), or one of another version."""
    try:
        document = parse_json(path.read_bytes())
        return Endpoint(Path(document["socket"]), str(document["key"]), int(document["pid"]), path)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _answering(path: Path) -> Endpoint | None:
    endpoint = read_endpoint(path)
    if endpoint is None:
        return None
    try:
        status, _ = _exchange(endpoint, "GET", "/health", None, HEALTH_SECONDS)
    except (OSError, http.client.HTTPException, OutsideError):
        return None
    return endpoint if status == http.HTTPStatus.OK else None


def post(endpoint: Endpoint, path: str, body: Mapping[str, Any], timeout: float) -> tuple[int, bytes]:
    """Send one JSON request to a warm server.

    Returns:
        HTTP status and body.

    Raises:
        OSError, http.client.HTTPException: The server is gone, or it is not certain that it is one of this user's;
            ask `ensure_server` again.
        OutsideError: The answer has no end, or did not come whole in time.
    """
    return _exchange(endpoint, "POST", path, json.dumps(body).encode(), timeout)


def _exchange(
    endpoint: Endpoint, method: str, path: str, data: bytes | None, timeout: float
) -> tuple[int, bytes]:
    def work() -> tuple[int, bytes]:
        connection = PrivateConnection(endpoint.place, timeout)
        try:
            headers = {"Authorization": f"Bearer {endpoint.key}", "Content-Type": "application/json"}
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            answer = bounded(iter(lambda: response.read1(BLOCK_BYTES), b""), seconds=timeout)
            if response.length:  # what is left to read
                raise http.client.IncompleteRead(answer, response.length)
            return response.status, answer
        finally:
            connection.close()

    return within(timeout, work)


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
        TrailerflowError: The server was lost ``tries`` times, or gave no answer that can be used.
    """
    for _ in range(tries):
        endpoint = start()
        log = endpoint.path.with_suffix(".log")
        try:
            return post(endpoint, path, body, timeout)
        except (TimeoutError, DeadlineError):
            raise TrailerflowError(
                f"The model server gave no answer within {timeout:.0f} s; its log is {log}."
            ) from None
        except OutsideError as error:
            raise TrailerflowError(
                f"The model server's answer cannot be used ({error}); its log is {log}."
            ) from None
        except (OSError, http.client.HTTPException):
            time.sleep(LOST_SECONDS)
    raise TrailerflowError(f"The model server was lost {tries} times in a row; its log is {log}.")


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
