"""A lock for processes of several machines that share a file system: an atomically created file with an expiry.

``flock`` is not to be trusted on network file systems; the creation of a file that must not exist is.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from trailerflow.errors import TrailerflowError
from trailerflow.files import OWNER_FILE, json_bytes, make_private_folder, write_bytes

EXPIRY_SECONDS = 20.0
"""A holder that gave no sign of life in this time is taken for dead."""

RENEWAL_SECONDS = 4.0
WAIT_SECONDS = 120.0
POLL_SECONDS, LONG_POLL_SECONDS = 0.02, 0.2

Result = TypeVar("Result")

_TOKEN = re.compile(r"[0-9a-f]{16}")


class LockLostError(Exception):
    """The lock was taken away meanwhile: this process slept for so long that it was taken for dead."""


class Lock:
    """A lock that is held.

    Args:
        path: The lock's file.
        owner: What is written in it.
    """

    def __init__(self, path: Path, owner: dict[str, Any]) -> None:
        self._path = path
        self._owner = owner

    def write_json(self, path: Path, document: Any) -> None:
        """Write a document in one step, once, and only while the lock is held.

        Whoever takes a dead holder's lock away removes that holder's paper first. So the rename below either was made
        before that, or it fails.

        Args:
            path: File to write, on the file system of the lock.
            document: JSON document.

        Raises:
            LockLostError: The lock was taken away.
        """
        paper = _paper(self._path, self._owner["token"])
        try:
            descriptor = os.open(paper, os.O_WRONLY | os.O_TRUNC)  # never made anew
            with os.fdopen(descriptor, "wb") as file:
                file.write(json_bytes(document))
            os.replace(paper, path)
        except FileNotFoundError:
            raise LockLostError(f"the lock {self._path} was taken away") from None


@contextmanager
def file_lock(path: Path) -> Iterator[Lock]:
    """Hold a lock for a moment.

    Args:
        path: The lock's file; its folder is made.

    Raises:
        TrailerflowError: Nobody let go for `WAIT_SECONDS`.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    with _held(path) as held:
        while not held():
            if time.monotonic() > deadline:
                raise TrailerflowError(
                    f"The lock {path} is held for {WAIT_SECONDS:.0f} s already; delete it if no run is on."
                )
            time.sleep(POLL_SECONDS)
        yield held.lock


class Work(Generic[Result]):
    """Long work that is done once, under a lock.

    Args:
        held: The lock.
        made: What somebody else has made, or None: it is to be made now.
    """

    def __init__(self, held: _Holding, made: Result | None) -> None:
        self._held = held
        self.made = made

    def write(self, path: Path, data: bytes) -> None:
        """Keep what was made, in one step, for its owner alone: the lock's own file becomes it, and so the lock is let go.

        That spares a file that is made and one that is removed for every answer. Where the lock was taken away meanwhile,
        another file is made.

        Args:
            path: File to write, on the file system of the lock; its folders are made.
            data: What to write.
        """
        make_private_folder(path.parent)
        if not self._held.become(path, data):
            write_bytes(path, data, private=True)


@contextmanager
def work_under(path: Path, done: Callable[[], Result | None]) -> Iterator[Work[Result]]:
    """Hold a lock for long work, giving signs of life, or wait until somebody else has done it.

    Args:
        path: The lock's file; its folder is made.
        done: Looks for what the holder makes; it is asked while the lock is somebody else's, and once when it is held.

    Yields:
        The work.
    """
    with _held(path, writes=False) as held:
        while not held():
            if (made := done()) is not None:
                yield Work(held, made)
                return
            time.sleep(LONG_POLL_SECONDS)
        with _renewed(path, held.owner):
            yield Work(held, done())


@contextmanager
def long_lock(path: Path, done: Callable[[], Result | None]) -> Iterator[Result | None]:
    """The same for work that keeps what it makes by itself; see `work_under`.

    Yields:
        What somebody else has made, or None: it is to be made now.
    """
    with work_under(path, done) as work:
        yield work.made


class _Holding:
    """Tries to take a lock when it is called, and says whether it is held.

    Args:
        path: The lock's file; its folder is made.
        writes: Whether `Lock.write_json` is to be called, which needs a paper.
    """

    def __init__(self, path: Path, *, writes: bool) -> None:
        self._path = path
        self._writes = writes
        self.owner: dict[str, Any] = {
            "host": os.uname().nodename,
            "pid": os.getpid(),
            "token": os.urandom(8).hex(),
        }
        self.lock = Lock(path, self.owner)
        self._file: BinaryIO | None = None
        make_private_folder(path.parent)
        if writes:
            _paper(path, self.owner["token"]).touch(OWNER_FILE, exist_ok=False)

    def __call__(self) -> bool:
        # Who meets a lock whose owner is not written yet takes it for that of somebody unknown, alive until it expires.
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE)
        except FileExistsError:
            _remove_dead(self._path, _time_beside(self._path, self.owner["token"]))
            return False
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(json.dumps(self.owner).encode())
        self._file.flush()
        return True

    def become(self, path: Path, data: bytes) -> bool:
        """Write data over the lock and give it another name; False where it is no longer this holder's."""
        if self._file is None or _read(self._path) != self.owner:
            return False
        file, self._file = self._file, None
        try:
            with file:
                file.seek(0)
                file.write(data)
                file.truncate()  # last: what is emptied first, ext4 writes to the disk at once
            self._path.rename(path)
        except FileNotFoundError:
            return False
        except OSError as error:
            self._path.unlink(missing_ok=True)
            # Python names no file when the disk is full in mid-write; the reader wants the final name.
            raise OSError(error.errno, error.strerror, str(path)) from None
        return True

    def let_go(self) -> None:
        """Remove what is left of it."""
        if self._file is not None:
            self._file.close()
            if _read(self._path) == self.owner:
                self._path.unlink(missing_ok=True)
        if self._writes:
            _paper(self._path, self.owner["token"]).unlink(missing_ok=True)


@contextmanager
def _held(path: Path, *, writes: bool = True) -> Iterator[_Holding]:
    holding = _Holding(path, writes=writes)
    try:
        yield holding
    finally:
        holding.let_go()


@contextmanager
def _renewed(path: Path, owner: dict[str, Any]) -> Iterator[None]:
    """Touch a lock every few seconds, as long as the block lasts."""
    _RENEWALS.begin(path, owner)
    try:
        yield
    finally:
        _RENEWALS.end(owner)


class _Renewals:
    """The locks that this process keeps alive: one thread touches all of them, as long as there are any."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Keep none alive: a fork holds none of its parent's, and has no such thread."""
        self._changing = threading.Lock()
        self._held: dict[str, tuple[Path, dict[str, Any]]] = {}
        self._stop = threading.Event()

    def begin(self, path: Path, owner: dict[str, Any]) -> None:
        """Keep a lock alive from now on."""
        with self._changing:
            self._held[owner["token"]] = path, owner
            if len(self._held) == 1:
                self._stop = threading.Event()
                threading.Thread(target=self._renew, args=(self._stop,), daemon=True).start()

    def end(self, owner: dict[str, Any]) -> None:
        """Keep it alive no longer."""
        with self._changing:
            del self._held[owner["token"]]
            if not self._held:
                self._stop.set()

    def _renew(self, stop: threading.Event) -> None:
        while not stop.wait(RENEWAL_SECONDS):
            with self._changing:
                held = list(self._held.values())
            for path, owner in held:
                with suppress(OSError):
                    if _read(path) == owner:
                        os.utime(path)


_RENEWALS = _Renewals()
os.register_at_fork(after_in_child=_RENEWALS.begin_anew)


def _paper(path: Path, token: str) -> Path:
    """What a holder writes on; it is there from before the lock is held until it is let go or taken away."""
    return path.with_name(f".{path.name}.{token}.paper")


def _time_beside(path: Path, token: str) -> float:
    """The time by the clock of a file's file system, which all hosts have in common."""
    part = path.with_name(f".{path.name}.{token}.part")
    part.touch()
    try:
        return part.stat().st_mtime
    finally:
        part.unlink(missing_ok=True)


def _remove_dead(path: Path, now: float) -> None:
    """Take away the lock of a holder that is dead.

    One at a time does so, who holds a second file meanwhile and looks again: of two that saw the same dead lock, the later
    one would else take away the lock that somebody made in its place.
    """
    if not _is_dead(path, now):
        return
    heir = path.with_name(f".{path.name}.heir")
    try:
        heir.touch(exist_ok=False)
    except FileExistsError:
        if _is_expired(heir, now):
            heir.unlink(missing_ok=True)
        return
    try:
        if _is_dead(path, now):
            token = str((_read(path) or {}).get("token", ""))
            if _TOKEN.fullmatch(token):
                _paper(path, token).unlink(missing_ok=True)
            path.unlink(missing_ok=True)
    finally:
        heir.unlink(missing_ok=True)


def _is_dead(path: Path, now: float) -> bool:
    owner = _read(path)
    if owner is None:
        return False
    if _is_expired(path, now):
        return True
    if owner.get("host") != os.uname().nodename:
        return False
    try:
        os.kill(int(owner["pid"]), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, KeyError, ValueError):
        pass
    return False


def _is_expired(path: Path, now: float) -> bool:
    with suppress(FileNotFoundError):
        return now - path.stat().st_mtime > EXPIRY_SECONDS
    return False


def _read(path: Path) -> dict[str, Any] | None:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        return owner if isinstance(owner, dict) else {}
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        return {}
