"""Where archives come from: the user, GroupLens, or for MovieLens-100K the copy in a wheel on PyPI."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trailerflow.catalogue.listing import ARCHIVES, RECBOLE, Download, archive_file
from trailerflow.download import DownloadError, download
from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing
from trailerflow.wheels import download_wheel

GROUPLENS = "https://files.grouplens.org/datasets/movielens"

MOST_BYTES = 50_000_000
"""Largest archive that is taken; MovieLens-1M has 6 million bytes."""

_PIP_SECONDS = 120


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
    """Find the archive of ratings, downloading it where it is not there yet.

    An earlier download is used again after its checksum was compared. Otherwise GroupLens is asked first, for
    MovieLens-100K then PyPI for the recbole wheel, which is opened as a zip file and never imported.

    Args:
        archive: Value of ``catalogue.archive``: a path, or a name of `ARCHIVES`.
        downloads: Folder that downloads are kept in.

    Raises:
        TrailerflowError: The path leads nowhere, a checksum is wrong, or no source answers.
    """
    if own := archive_file(archive):
        return Source(own, f"The archive {own.name}, given by the user.")
    known = ARCHIVES[archive]
    for each in known:
        path = downloads / each.file
        if path.is_file():
            check_sum(path, each, path)
            return Source(path, each.note)
    faults = []
    for each, fetch in zip(known, (fetch_from_grouplens, fetch_from_pypi), strict=False):
        try:
            return Source(fetch(each, downloads), each.note)
        except UnreachableError as fault:
            print(f"{fault}.", file=sys.stderr, flush=True)
            faults.append(str(fault))
    raise TrailerflowError(
        f"{archive} could not be downloaded ({'; '.join(faults)}): run again with a network, "
        f"or fetch {GROUPLENS}/{known[0].file} elsewhere and set catalogue.archive to its path."
    )


def fetch_from_grouplens(archive: Download, downloads: Path) -> Path:
    """Download an archive from its publisher.

    Raises:
        UnreachableError: The server does not answer, or what came is not whole (see `download`).
        TrailerflowError: What came has another checksum.
    """
    target = downloads / archive.file
    with replacing(target) as part:
        with part.open("wb") as file:
            for piece in _pieces(f"{GROUPLENS}/{archive.file}"):
                file.write(piece)
        check_sum(part, archive, target)
    return target


def fetch_from_pypi(archive: Download, downloads: Path) -> Path:
    """Download the recbole wheel.

    Raises:
        UnreachableError: pip did not get the wheel.
        TrailerflowError: What came has another checksum.
    """
    print(f"Fetching {RECBOLE} from PyPI for its copy of MovieLens-100K.", file=sys.stderr, flush=True)
    downloads.mkdir(parents=True, exist_ok=True)
    target = downloads / archive.file
    with tempfile.TemporaryDirectory(dir=downloads, prefix=".pip-") as folder:
        try:
            download_wheel(RECBOLE, Path(folder), "--timeout", "10", "--retries", "1", seconds=_PIP_SECONDS)
        except TrailerflowError as error:
            raise UnreachableError(str(error)) from None
        wheel = Path(folder, archive.file)
        if not wheel.is_file():
            raise UnreachableError(f"pip got another file than {archive.file}")
        check_sum(wheel, archive, target)
        os.replace(wheel, target)
    return target


def check_sum(path: Path, archive: Download, target: Path) -> None:
    """Compare a download with its recorded checksum.

    Args:
        path: The file, perhaps still under a temporary name.
        archive: What it is to be.
        target: Where it is to lie.

    Raises:
        TrailerflowError: They differ.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(
            file, lambda: hashlib.new(archive.algorithm, usedforsecurity=False)
        ).hexdigest()
    if found != archive.checksum:
        kept = f"delete {target} and run again" if path == target else "nothing was kept; run again"
        raise TrailerflowError(
            f"{target.name} has the wrong checksum ({archive.algorithm} {found}, expected {archive.checksum}): {kept}. "
            "Where it is a newer release, set catalogue.archive to the path of a copy of yours."
        )


def _pieces(url: str) -> Iterator[bytes]:
    """The body of an address, piece by piece, with its progress on stderr."""
    try:
        yield from download(url, most=MOST_BYTES, say=lambda line: print(line, file=sys.stderr, flush=True))
    except DownloadError as error:
        raise UnreachableError(str(error)) from None
