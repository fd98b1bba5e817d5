"""Zip files from outside: each member is read with a bound, and no member's name ever becomes a path."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from trailerflow.outside import OutsideError, clean_text

BLOCK_BYTES = 1 << 20

_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Python unpacks the others without a bound; neither wheels nor releases of data are packed so."""

_ENCRYPTED = 1
"""Bit of a member's flags."""


@contextmanager
def opened_zip(file: Path | IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open a zip file; what is damaged in it, then or while it is read, becomes one error.

    Args:
        file: The file or its bytes.

    Raises:
        OutsideError: It is not a whole zip file.
        OSError: The file is missing or cannot be read.
    """
    try:
        with _opened(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise OutsideError(f"it is not a whole zip file ({error})") from None


def _opened(file: Path | IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (ValueError, RuntimeError) as error:  # names that are no UTF-8, a version of the form to come
        raise zipfile.BadZipFile(str(error)) from None


def open_member(archive: zipfile.ZipFile, name: str, most: int) -> IO[bytes]:
    """Open a member that says it is small enough; Python gives no more bytes than the member says.

    Args:
        archive: From `opened_zip`.
        name: The member's full name.
        most: Most bytes when unpacked.

    Raises:
        OutsideError: It is larger, encrypted, damaged, or packed in another way than wheels and releases of data are.
    """
    member, shown = archive.getinfo(name), repr(clean_text(name)[:100])
    if member.file_size > most:
        raise OutsideError(f"its member {shown} is larger than {most:,} bytes")
    if member.flag_bits & _ENCRYPTED:
        raise OutsideError(f"its member {shown} cannot be read (it is encrypted)")
    if member.compress_type not in _WAYS:
        raise OutsideError(f"its member {shown} is neither stored nor deflated")
    try:
        return archive.open(member)
    except (ValueError, RuntimeError) as error:
        raise OutsideError(f"its member {shown} cannot be read ({error})") from None


def member_blocks(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """The bytes of a member, piece by piece; see `open_member`."""
    with open_member(archive, name, most) as opened:
        while block := opened.read(BLOCK_BYTES):
            yield block


def read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """All bytes of a member; see `open_member`."""
    return b"".join(member_blocks(archive, name, most))
