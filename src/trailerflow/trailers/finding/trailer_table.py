"""The MovieLens 20M YouTube Trailers Dataset: a table of films and the YouTube ids of their trailers.

S. Abu-El-Haija, J. Lee, F. M. Harper and J. A. Konstan, MovieLens 20M YouTube Trailers Dataset, 2018, CC BY 4.0:
25,623 of the films of MovieLens-20M, each with the first video that a web search for "<title> (<year>) trailer"
gave in May 2017. Not all of them were looked at by a person, and some have left YouTube since.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trailerflow.download import DownloadError, download
from trailerflow.errors import TrailerflowError
from trailerflow.files import write_bytes
from trailerflow.zip_files import opened_zip, read_member

TRAILER_TABLE_URL = "https://files.grouplens.org/datasets/movielens/ml-20m-youtube.zip"
LICENCE = (
    "CC BY 4.0; cite S. Abu-El-Haija, J. Lee, F. M. Harper and J. A. Konstan, "
    "MovieLens 20M YouTube Trailers Dataset, 2018."
)

MOST_BYTES = MOST_CSV_BYTES = 100_000_000
"""Longest table, packed and unpacked; that of GroupLens has 1.3 million bytes when unpacked."""

_ID_COLUMNS = ("youtubeId", "youtube_id")  # as GroupLens writes it, and as copies of the table do
_TITLE_COLUMN = "title"
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")


class TableRow(NamedTuple):
    """A film of the table.

    Attributes:
        youtube: Id of its trailer, eleven characters.
        title: Title with alternative titles and year, as MovieLens writes it.
    """

    youtube: str
    title: str


class TrailerTable(NamedTuple):
    """The table as it was read.

    Attributes:
        rows: Its films, in its order (MovieLens numbers, in which the better known films come first).
        bad_ids: How many rows were left out because theirs is no YouTube id.
        sha256: Hash of the file.
    """

    rows: list[TableRow]
    bad_ids: int
    sha256: str


class _NotTheTableError(Exception):
    """Why some bytes are not the table, without saying where they are from."""


def read_trailer_table(path: Path) -> TrailerTable:
    """Read the table.

    Args:
        path: The ``.zip`` of GroupLens, or a ``.csv`` or ``.parquet`` with its columns (``youtubeId`` or
            ``youtube_id``, ``title``; others are not looked at).

    Raises:
        TrailerflowError: The file is missing or damaged, or is not such a table.
    """
    try:
        return _table(path.read_bytes(), path.suffix.lower())
    except (FileNotFoundError, IsADirectoryError):
        raise TrailerflowError(
            f"trailers.grouplens_table is {str(path)!r}, and there is no such file; correct the path, "
            "or set null to download the table."
        ) from None
    except _NotTheTableError as fault:
        raise TrailerflowError(
            f"{path} is not the GroupLens trailer table ({fault}); put {TRAILER_TABLE_URL} in its place, "
            "or a .csv or .parquet with the columns youtubeId and title."
        ) from None


def fetch_trailer_table(downloads: Path, url: str = TRAILER_TABLE_URL) -> Path:
    """Download the table, once: what is in the folder of downloads is used again.

    Args:
        downloads: Folder that downloads are kept in.
        url: Where the ``.zip`` is.

    Returns:
        The file, whole and readable.

    Raises:
        TrailerflowError: The table did not come whole (see `download`), or it is something else.
    """
    target = downloads / url.rpartition("/")[2]
    if target.is_file():
        return target
    try:
        data = b"".join(download(url, most=MOST_BYTES))
        _table(data, ".zip")
    except (DownloadError, _NotTheTableError) as error:
        told = error if isinstance(error, DownloadError) else f"{url}: {error}"
        raise TrailerflowError(
            f"The GroupLens trailer table could not be downloaded ({told}): run again with a network, or fetch it "
            "elsewhere and set trailers.grouplens_table to its path."
        ) from None
    write_bytes(target, data)
    return target


def _table(data: bytes, suffix: str) -> TrailerTable:
    rows, bad_ids = [], 0
    for youtube, title in _cells(data, suffix):
        if _YOUTUBE_ID.fullmatch(youtube):
            rows.append(TableRow(youtube, title))
        else:
            bad_ids += 1
    return TrailerTable(rows, bad_ids, hashlib.sha256(data).hexdigest())


def _cells(data: bytes, suffix: str) -> Iterator[tuple[str, str]]:
    """Id and title of each row."""
    records = _records(data, suffix)
    columns = records[0].keys() if records else ()
    id_column = next((name for name in _ID_COLUMNS if name in columns), None)
    for column, names in ((id_column, " or ".join(_ID_COLUMNS)), (_TITLE_COLUMN, _TITLE_COLUMN)):
        if column not in columns:
            raise _NotTheTableError(f"no column {names}" if records else "it has no rows")
    for record in records:
        yield str(record[id_column] or "").strip(), str(record[_TITLE_COLUMN] or "").strip()


def _records(data: bytes, suffix: str) -> list[Mapping[Any, Any]]:
    """The rows by column, from a file of one of the three kinds."""
    try:
        if suffix == ".parquet":
            import pyarrow.parquet  # a run with the .zip does not wait for it

            return list(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist())
        if suffix == ".zip":
            data = _only_csv(data)
        elif suffix != ".csv":
            raise _NotTheTableError(f"its name ends in {suffix or 'no suffix'}")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (ValueError, OSError, csv.Error) as error:
        raise _NotTheTableError(str(error)) from None


def _only_csv(data: bytes) -> bytes:
    """The CSV file in a zip file."""
    with opened_zip(io.BytesIO(data)) as archive:
        # Zip files from a Mac hold a second tree of files that bear the same names.
        names = [name for name in archive.namelist() if name.endswith(".csv") and "__MACOSX" not in name]
        if len(names) != 1:
            raise _NotTheTableError(f"it holds {len(names)} .csv files")
        return read_member(archive, names[0], MOST_CSV_BYTES)
