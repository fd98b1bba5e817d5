"""The movies of a run, as far as they are known before anything has run."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from trailerflow.catalogue.archives import read_archive_movies
from trailerflow.catalogue.movie_table import read_movie_table
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie


class Download(NamedTuple):
    """A file that holds an archive, and that can be downloaded.

    Attributes:
        file: Its name in the folder of downloads.
        algorithm: Name of the hash.
        checksum: The hash that it must have.
        note: A sentence on where it is from, for the reader of the tables.
    """

    file: str
    algorithm: str
    checksum: str
    note: str


RECBOLE = "recbole==1.2.1"

# The md5 are those that GroupLens publishes beside its archives. For latest-small, as it is since September 2018, the sha256
# is the one in TensorFlow Datasets' list of checksums. The wheel's is PyPI's own.
ARCHIVES: dict[str, tuple[Download, ...]] = {
    "movielens-100k": (
        Download(
            "ml-100k.zip",
            "md5",
            "0e33842e24a9c977be4e0107933c0723",
            "MovieLens-100K as GroupLens distributes it.",
        ),
        Download(
            "recbole-1.2.1-py3-none-any.whl",
            "sha256",
            "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407",
            f"MovieLens-100K as the PyPI wheel {RECBOLE} carries it; release dates and the folds u1 to u5 are not in it.",
        ),
    ),
    "movielens-latest-small": (
        Download(
            "ml-latest-small.zip",
            "sha256",
            "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
            "MovieLens latest-small of September 2018 as GroupLens distributes it.",
        ),
    ),
    "movielens-1m": (
        Download(
            "ml-1m.zip",
            "md5",
            "c4d9eecfca2ab87c1945afe126590906",
            "MovieLens-1M as GroupLens distributes it.",
        ),
    ),
}
"""The archives that are downloaded by name, with the files that hold each, the first from GroupLens."""


def archive_file(archive: str | None) -> Path | None:
    """The archive that the user has, or ``None`` where it is to be downloaded or there is none.

    Args:
        archive: Value of ``catalogue.archive``: a name of `ARCHIVES`, a path, or ``None``.

    Raises:
        TrailerflowError: It is neither a name nor a file.
    """
    if archive is None or archive in ARCHIVES:
        return None
    if not Path(archive).is_file():
        raise TrailerflowError(
            f"catalogue.archive is {archive!r}, and there is no such file; give the path of a MovieLens .zip "
            f"or of a .csv of ratings, {', '.join(ARCHIVES)} to download it, or null."
        )
    return Path(archive)


def needs_table(archive: Path | str | None) -> bool:
    """Whether an archive is a CSV of ratings, so that its films must be named by the table of movies."""
    return archive is not None and Path(archive).suffix.lower() == ".csv"


def downloaded_archive(archive: str, downloads: Path) -> Path | None:
    """An archive as an earlier run left it in the folder of downloads, if it did.

    Args:
        archive: A name of `ARCHIVES`.
        downloads: The folder.
    """
    for download in ARCHIVES[archive]:
        if (downloads / download.file).is_file():
            return downloads / download.file
    return None


def list_movies(table: str | None, archive: str | None, downloads: Path) -> list[Movie] | None:
    """List the movies of the run: those of the user's table, or else all of the archive.

    Args:
        table: Value of ``catalogue.movies``, a CSV file or ``None``.
        archive: Value of ``catalogue.archive``.
        downloads: Folder of downloads.

    Returns:
        The movies, or ``None`` where the archive must be downloaded first.

    Raises:
        TrailerflowError: Table or archive is missing or faulty, or neither is given.
    """
    own_archive = archive_file(archive)
    if table is not None:
        return read_movie_table(table)
    if archive is None:
        raise TrailerflowError(
            "catalogue.movies and catalogue.archive are both null; give a table, an archive, or both."
        )
    if needs_table(archive):
        raise TrailerflowError(
            f"catalogue.archive is {archive!r}, which names no films; name a table of them in catalogue.movies."
        )
    path = own_archive or downloaded_archive(archive, downloads)
    if path is None:
        return None
    return read_archive_movies(path)
