"""A lock for processes of several machines that share a file system: an atomically created file with an expiry.

``flock`` is not to be trusted on network file systems; the creation of a file that must not exist is.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError

EXPIRY_SECONDS = 20.0
"""A holder that did not finish its few milliseconds of work in this time is taken for dead."""

WAIT_SECONDS = 120.0
POLL_SECONDS = 0.02


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold a lock for a moment.

    Args:
        path: The lock's file; its folder is made.

    Raises:
        TrailerflowError: Nobody let go for `WAIT_SECONDS`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    owner = {"host": socket.gethostname(), "pid": os.getpid(), "token": os.urandom(8).hex()}
    deadline = time.monotonic() + WAIT_SECONDS
    while (now := _create(path, owner)) is not None:
        _remove_dead(path, now)
        if time.monotonic() > deadline:
            raise TrailerflowError(
                f"The lock {path} is held for {WAIT_SECONDS:.0f} s already; delete it if no run is on."
            )
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        if _read(path) == owner:
            path.unlink(missing_ok=True)


def _create(path: Path, owner: dict[str, Any]) -> float | None:
    """Make the lock: None where it is made, else the time by the file system's clock, which all hosts have in common."""
    # Written elsewhere and linked into place, so that nobody meets a lock whose owner is not written yet.
    part = path.with_name(f".{path.name}.{owner['token']}.part")
    part.write_text(json.dumps(owner), encoding="utf-8")
    try:
        os.link(part, path)
        return None
    except FileExistsError:
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
            path.unlink(missing_ok=True)
    finally:
        heir.unlink(missing_ok=True)


def _is_dead(path: Path, now: float) -> bool:
    owner = _read(path)
    if owner is None:
        return False
    if _is_expired(path, now):
        return True
    if owner.get("host") != socket.gethostname():
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
    except ValueError:
        return {}
