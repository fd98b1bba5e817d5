"""A socket that only its owner can reach, so that it is certain who listens before a word is sent.

A port belongs to whoever takes it first. A folder with the mode 0700 lets nobody else make a socket in it.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from trailerflow.files import OWNER_FOLDER

SOCKET_NAME = "model.sock"
"""llama.cpp listens on a socket where the name of its host ends so."""

LONGEST_PATH = 100
"""Bytes of a socket's path; Linux has room for 107, macOS for 103."""

SHORT_FOLDER = "/tmp"  # noqa: S108
"""Used where the path of the folder for temporary files is too long, as in some clusters' jobs."""

_PREFIX = "trailerflow-"
_FOLDER = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")


def make_socket_place() -> Path:
    """Where a socket may be made: in a fresh folder on this node that is the owner's alone."""
    folder = tempfile.gettempdir()
    path = f"{folder}/{_PREFIX}{8 * 'x'}/{SOCKET_NAME}"
    if len(os.fsencode(path)) > LONGEST_PATH:
        folder = SHORT_FOLDER
    return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder)) / SOCKET_NAME


def is_private(place: Path) -> bool:
    """Whether there is a socket of this user's, in a folder of this user's that nobody else may enter."""
    try:
        found = place.lstat()
    except OSError:
        return False
    return stat.S_ISSOCK(found.st_mode) and found.st_uid == os.geteuid() and _is_own_folder(place.parent)


def remove_socket(place: Path) -> None:
    """Remove a socket and its folder. What `make_socket_place` did not make stays, and so does a folder that holds more."""
    if (
        place.name != SOCKET_NAME
        or not _FOLDER.fullmatch(place.parent.name)
        or not _is_own_folder(place.parent)
    ):
        return
    with suppress(OSError):
        if is_private(place):
            place.unlink()
        place.parent.rmdir()


def _is_own_folder(folder: Path) -> bool:
    """Whether it is a folder itself, no link to one, of this user's and for this user alone."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    mode = found.st_mode
    return stat.S_ISDIR(mode) and found.st_uid == os.geteuid() and mode & 0o777 == OWNER_FOLDER


class PrivateConnection(http.client.HTTPConnection):
    """HTTP over a private socket.

    Args:
        place: Path of the socket.
        timeout: Seconds of silence after which the server is left.
    """

    def __init__(self, place: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._place = place

    def connect(self) -> None:
        """Connect, and say nothing yet.

        Raises:
            OSError: Nobody listens there, or it is not certain that it is a process of this user's.
        """
        self._check()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(self.timeout)
            connection.connect(str(self._place))
            self._check()  # somebody could have put another in its place meanwhile
        except BaseException:
            connection.close()
            raise
        self.sock = connection

    def _check(self) -> None:
        if not is_private(self._place):
            raise ConnectionRefusedError(f"{self._place} is no socket of this user's alone")
