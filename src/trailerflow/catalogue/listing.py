"""The movies of a run, as far as they are known before anything has run."""

from __future__ import annotations

from pathlib import Path

from trailerflow.catalogue.archives import read_archive_movies
from trailerflow.catalogue.movie_table import read_movie_table
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie

MOVIELENS_100K = "movielens-100k"

GROUPLENS_FILE = "ml-100k.zip"
RECBOLE_FILE = "recbole-1.2.1-py3-none-any.whl"


def archive_file(archive: str | None) -> Path | None:
    """The archive that the user has, or ``None`` where it is to be downloaded or there is none.

    Args:
        archive: Value of ``catalogue.archive``: ``movielens-100k``, a path, or ``None``.

    Raises:
        TrailerflowError: It is neither that word nor a file.
    """
    if archive is None or archive == MOVIELENS_100K:
        return None
    if not Path(archive).is_file():
        raise TrailerflowError(
            f"catalogue.archive is {archive!r}, and there is no such file; "
            f"give the path of a MovieLens .zip, {MOVIELENS_100K} to download it, or null."
        )
    return Path(archive)


def downloaded_archive(downloads: Path) -> Path | None:
    """MovieLens-100K as an earlier run left it in the folder of downloads, if it did."""
    for name in (GROUPLENS_FILE, RECBOLE_FILE):
        if (downloads / name).is_file():
            return downloads / name
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
    path = own_archive or downloaded_archive(downloads)
    if path is None:
        return None
    return read_archive_movies(path)
