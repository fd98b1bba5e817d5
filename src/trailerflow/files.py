"""Writing files so that nobody ever sees half of one (a temporary name beside it, then a rename), and their hashes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

OWNER_FOLDER, OWNER_FILE = 0o700, 0o600
ANY_FILE = 0o666
"""Mode of a file that is not for its owner alone; the user's mask takes from it."""


@contextmanager
def replacing(path: Path | str, *, private: bool = False) -> Iterator[Path]:
    """Give a temporary path beside ``path`` and rename it onto ``path`` when the block ends well.

    Args:
        path: File to write; its folders are made.
        private: Whether the folders that are made for it are for the owner alone.

    Yields:
        A path that no other process uses. It is removed when the block raises.
    """
    path = Path(path)
    if private:
        make_private_folder(path.parent)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.part")
    try:
        yield part
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for the owner alone; one that is there stays as it is."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(OWNER_FOLDER, exist_ok=True)


def close_folder(folder: Path) -> None:
    """Make a folder that nobody but its owner can enter, and close one that is there and ours."""
    make_private_folder(folder)
    with suppress(PermissionError):
        folder.chmod(OWNER_FOLDER)


def file_sha256(path: Path | str) -> str:
    """sha256 of a file's content, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bytes(path: Path | str, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` to ``path`` in one step; see `replacing`."""
    with replacing(path, private=private) as part:
        try:
            mode = OWNER_FILE if private else ANY_FILE
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(data)
        except OSError as error:
            # Python names no file when the disk is full in mid-write; the reader wants the final name.
            raise OSError(error.errno, error.strerror, str(path)) from None


def write_text(path: Path | str, text: str) -> None:
    """Write ``text`` to ``path`` as UTF-8 in one step."""
    write_bytes(path, text.encode("utf-8"))


def json_bytes(document: Any) -> bytes:
    """A document as readable JSON in UTF-8."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode("utf-8")


def write_json(path: Path | str, document: Any, *, private: bool = False) -> None:
    """Write ``document`` to ``path`` as readable JSON in UTF-8, in one step; see `replacing`."""
    write_bytes(path, json_bytes(document), private=private)
