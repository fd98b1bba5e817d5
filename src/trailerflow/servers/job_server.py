"""An interpreter that has imported what the programs of a run's movies need, and runs each of them in a fork of its own.

A run starts these programs ten thousand times, and does little in each: most of the time goes to the start of Python and to
imports. A fork of a warm interpreter has both behind it. Each program still is a process of its own, with its own
arguments, environment, folder and streams, and nothing that one does is seen by the next.

The other side is ``scripts/served.py``, which starts the server when there is none, and runs its program without one then.
A message is its length in 8 bytes, sent with the three standard streams, and then, parted by zero bytes: the program's name,
the folder to work in, the number of arguments, the arguments, and the environment as ``NAME=VALUE``. The answer is one byte,
the exit code.
"""

from __future__ import annotations

import atexit
import os
import runpy
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from trailerflow.files import OWNER_FILE
from trailerflow.servers.warm_server import run_is_over

IDLE_SECONDS = 60.0
"""A server that nobody asks for so long leaves."""

LOOK_SECONDS = 1.0
REQUEST_SECONDS = 10.0
"""A request that does not come whole in this time is dropped, and its sender runs the program itself."""

LARGEST_REQUEST = 16 * 1024 * 1024
"""Bytes; the kernel gives a program's arguments and environment less."""

STREAMS = 3
BROKEN = 1
"""Exit code of a program that ended by a signal or an error that it did not handle."""


@dataclass(frozen=True)
class Job:
    """A program to run.

    Attributes:
        program: Its name.
        folder: Where it works.
        arguments: Its arguments.
        environment: All its environment variables.
        streams: File descriptors of its standard streams.
    """

    program: str
    folder: bytes
    arguments: list[str]
    environment: dict[bytes, bytes]
    streams: list[int]


def serve(place: Path, programs: Mapping[str, Path]) -> None:
    """Run programs until nobody has asked for `IDLE_SECONDS`, or the run is over.

    Args:
        place: Where to make the socket. Its folder must be this user's alone.
        programs: File of each program by its name; nothing else is run.
    """
    for path in programs.values():
        runpy.run_path(str(path), run_name=path.stem)  # makes the imports, and no more
    listener = _listen(place)
    try:
        _Server(listener, programs).run()
    finally:
        place.unlink(missing_ok=True)  # first, so that whoever takes the lock now finds no server
        log = Path(f"{place}.log")
        if log.exists() and log.stat().st_size == 0:
            log.unlink()
        Path(f"{place}.lock").unlink(missing_ok=True)


def _listen(place: Path) -> socket.socket:
    """A socket that is found under its name when it is ready."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    fresh = place.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    listener.bind(str(fresh))
    fresh.chmod(OWNER_FILE)
    listener.listen(256)
    fresh.replace(place)
    return listener


class _Server:
    """What runs, and who waits for it.

    Args:
        listener: The socket on which programs are asked for.
        programs: File of each program.
    """

    def __init__(self, listener: socket.socket, programs: Mapping[str, Path]) -> None:
        self._listener = listener
        self._programs = programs
        self._waiting: dict[int, tuple[socket.socket, int]] = {}
        """Who waits, and the process, by the end of the pipe that closes when that is over."""
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Take requests and tell exit codes."""
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        last = time.monotonic()
        while self._waiting or (time.monotonic() - last < IDLE_SECONDS and not run_is_over()):
            for key, _ in self._selector.select(LOOK_SECONDS):
                last = time.monotonic()
                key.data()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.settimeout(REQUEST_SECONDS)
        try:
            if not _is_own(connection):
                raise OSError("another user asks")
            job = receive(connection)
        except (OSError, ValueError):
            connection.close()
            return
        if job.program in self._programs:
            self._start(job, connection)
        else:
            connection.close()
            _close(job.streams)

    def _start(self, job: Job, connection: socket.socket) -> None:
        over, running = os.pipe()  # the other end closes with the last process that holds it
        process = os.fork()
        if process == 0:
            self._selector.close()
            self._listener.close()
            connection.close()
            for end, (other, _) in self._waiting.items():
                os.close(end)
                other.close()
            os.close(over)
            _become(job, self._programs[job.program])
        with suppress(OSError):
            os.setpgid(process, process)  # here too: it may be interrupted before it has done so itself
        os.close(running)
        _close(job.streams)
        self._waiting[over] = connection, process
        self._selector.register(over, selectors.EVENT_READ, lambda: self._end(over))
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._interrupt(over))

    def _end(self, over: int) -> None:
        """Tell who waits how the program ended."""
        connection, process = self._waiting.pop(over)
        self._selector.unregister(over)
        os.close(over)
        with suppress(KeyError):
            self._selector.unregister(connection)
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        with suppress(OSError):
            connection.sendall(bytes([code if 0 <= code < 256 else BROKEN]))
        connection.close()

    def _interrupt(self, over: int) -> None:
        """End the program of somebody who has gone."""
        connection, process = self._waiting[over]
        self._selector.unregister(connection)
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGINT)


def _is_own(connection: socket.socket) -> bool:
    """Whether this user asks; where the system cannot tell, the folder of the socket lets in nobody else."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    size = struct.calcsize("3i")
    user: int
    _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return user == os.geteuid()


def receive(connection: socket.socket) -> Job:
    """Read a request.

    Raises:
        OSError: It did not come whole in time.
        ValueError: It is none.
    """
    head, streams, _, _ = socket.recv_fds(connection, 8, STREAMS)
    try:
        size = int.from_bytes(head, "big")
        if len(head) != 8 or len(streams) != STREAMS or size > LARGEST_REQUEST:
            raise ValueError("no request")
        body = bytearray()
        while len(body) < size:
            part = connection.recv(size - len(body))
            if not part:
                raise OSError("the request has no end")
            body += part
        program, folder, number, *rest = bytes(body).split(b"\0")
        count = int(number)
        if not 0 <= count <= len(rest):
            raise ValueError("the request has another number of arguments")
        pairs = (field.partition(b"=") for field in rest[count:])
        environment = {name: value for name, _, value in pairs if name}
        return Job(
            os.fsdecode(program), folder, [os.fsdecode(one) for one in rest[:count]], environment, streams
        )
    except BaseException:
        _close(streams)
        raise


def _close(streams: Iterable[int]) -> None:
    """Close file descriptors."""
    for stream in streams:
        os.close(stream)


def _become(job: Job, path: Path) -> NoReturn:
    """Turn a fork into the program, and end with its exit code."""
    exit_code: object = BROKEN
    try:
        os.setpgid(0, 0)
        for number, stream in enumerate(job.streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(job.folder)
        os.environb.clear()
        os.environb.update(job.environment)
        sys.argv = [str(path), *job.arguments]
        runpy.run_path(str(path), run_name="__main__")
        exit_code = 0
    except SystemExit as error:
        exit_code = 0 if error.code is None else error.code
    except KeyboardInterrupt:
        exit_code = 128 + signal.SIGINT
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        atexit._run_exitfuncs()
        for output in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                output.flush()
        os._exit(exit_code if isinstance(exit_code, int) else BROKEN)
