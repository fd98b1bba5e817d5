"""Writing files so that nobody ever sees half of one (a temporary name beside it, then a rename), and their hashes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Give a temporary path beside ``path`` and rename it onto ``path`` when the block ends well.

    Args:
        path: File to write; its folders are made.

    Yields:
        A path that no other process uses. It is removed when the block raises.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.part")
    try:
        yield part
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def file_sha256(path: Path | str) -> str:
    """sha256 of a file's content, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bytes(path: Path | str, data: bytes) -> None:
    """Write ``data`` to ``path`` in one step."""
    with replacing(path) as part:
        try:
            part.write_bytes(data)
        except OSError as error:
            # Python names no file when the disk is full in mid-write; the reader wants the final name.
            raise OSError(error.errno, error.strerror, str(path)) from None


def write_text(path: Path | str, text: str) -> None:
    """Write ``text`` to ``path`` as UTF-8 in one step."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path | str, document: Any) -> None:
    """Write ``document`` to ``path`` as readable UTF-8 JSON in one step."""
    write_text(path, json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False) + "\n")
