"""Where MovieLens-100K comes from: the user's archive, GroupLens, or the copy in a wheel on PyPI."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trailerflow.catalogue.listing import GROUPLENS_FILE, RECBOLE_FILE, archive_file
from trailerflow.download import DownloadError, download
from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing
from trailerflow.wheels import download_wheel

GROUPLENS_URL = "https://files.grouplens.org/datasets/movielens/ml-100k.zip"
RECBOLE = "recbole==1.2.1"

# The md5 is the one that GroupLens publishes beside the archive; the sha256 is PyPI's own for the wheel.
CHECKSUMS = {
    GROUPLENS_FILE: ("md5", "0e33842e24a9c977be4e0107933c0723"),
    RECBOLE_FILE: ("sha256", "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407"),
}

MOST_BYTES = 50_000_000
"""Largest archive that is taken; GroupLens' has 5 million bytes."""

_PIP_SECONDS = 120
_SOURCES = {
    GROUPLENS_FILE: "MovieLens-100K as GroupLens distributes it.",
    RECBOLE_FILE: f"MovieLens-100K as the PyPI wheel {RECBOLE} carries it; release dates are not in it.",
}


class Source(NamedTuple):
    """An archive on this machine.

    Attributes:
        path: The zip file.
        note: A sentence on where it is from, for the reader of the tables.
    """

    path: Path
    note: str


class UnreachableError(Exception):
    """A source did not answer; the next one may."""


def fetch_archive(archive: str, downloads: Path) -> Source:
    """Find the archive of ratings, downloading MovieLens-100K where it is not there yet.

    An earlier download is used again after its checksum was compared. Otherwise GroupLens is asked first,
    then PyPI for the recbole wheel, which is opened as a zip file and never imported.

    Args:
        archive: Value of ``catalogue.archive``: the path of a zip file, or ``movielens-100k``.
        downloads: Folder that downloads are kept in.

    Raises:
        TrailerflowError: The path leads nowhere, a checksum is wrong, or no source answers.
    """
    if own := archive_file(archive):
        return Source(own, f"The archive {own.name}, given by the user.")
    for name in CHECKSUMS:
        path = downloads / name
        if path.is_file():
            check_sum(path, path)
            return Source(path, _SOURCES[name])
    faults = []
    for fetch in (fetch_from_grouplens, fetch_from_pypi):
        try:
            path = fetch(downloads)
            return Source(path, _SOURCES[path.name])
        except UnreachableError as fault:
            print(f"{fault}.", file=sys.stderr, flush=True)
            faults.append(str(fault))
    raise TrailerflowError(
        f"MovieLens-100K could not be downloaded ({'; '.join(faults)}): run again with a network, "
        f"or fetch {GROUPLENS_URL} elsewhere and set catalogue.archive to its path."
    )


def fetch_from_grouplens(downloads: Path, url: str = GROUPLENS_URL) -> Path:
    """Download MovieLens-100K from its publisher.

    Raises:
        UnreachableError: The server does not answer, or what came is not whole (see `download`).
        TrailerflowError: What came has another checksum.
    """
    target = downloads / GROUPLENS_FILE
    with replacing(target) as part:
        with part.open("wb") as file:
            for piece in _pieces(url):
                file.write(piece)
        check_sum(part, target)
    return target


def fetch_from_pypi(downloads: Path) -> Path:
    """Download the recbole wheel.

    Raises:
        UnreachableError: pip did not get the wheel.
        TrailerflowError: What came has another checksum.
    """
    print(f"Fetching {RECBOLE} from PyPI for its copy of MovieLens-100K.", file=sys.stderr, flush=True)
    downloads.mkdir(parents=True, exist_ok=True)
    target = downloads / RECBOLE_FILE
    with tempfile.TemporaryDirectory(dir=downloads, prefix=".pip-") as folder:
        try:
            download_wheel(RECBOLE, Path(folder), "--timeout", "10", "--retries", "1", seconds=_PIP_SECONDS)
        except TrailerflowError as error:
            raise UnreachableError(str(error)) from None
        wheel = Path(folder, RECBOLE_FILE)
        if not wheel.is_file():
            raise UnreachableError(f"pip got another file than {RECBOLE_FILE}")
        check_sum(wheel, target)
        os.replace(wheel, target)
    return target


def check_sum(path: Path, target: Path) -> None:
    """Compare a download with its recorded checksum.

    Args:
        path: The file, perhaps still under a temporary name.
        target: Where it is to lie; its name tells the checksum.

    Raises:
        TrailerflowError: They differ.
    """
    algorithm, expected = CHECKSUMS[target.name]
    with path.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()
    if found != expected:
        kept = f"delete {target} and run again" if path == target else "nothing was kept; run again"
        raise TrailerflowError(
            f"{target.name} has the wrong checksum ({algorithm} {found}, expected {expected}): {kept}."
        )


def _pieces(url: str) -> Iterator[bytes]:
    """The body of an address, piece by piece, with its progress on stderr."""
    try:
        yield from download(url, most=MOST_BYTES, say=lambda line: print(line, file=sys.stderr, flush=True))
    except DownloadError as error:
        raise UnreachableError(str(error)) from None
