"""The movies of a run: the user's own table, a MovieLens archive, or both.

What is named here needs the standard library only, so that the workflow can list its movies while it
builds the graph. The typed tables are made by ``trailerflow.catalogue.frames``, the downloads by
``trailerflow.catalogue.sources``.
"""

from trailerflow.catalogue.archives import read_archive_movies
from trailerflow.catalogue.listing import (
    ARCHIVES,
    archive_file,
    downloaded_archive,
    list_movies,
    needs_table,
)
from trailerflow.catalogue.movie_table import read_movie_table

__all__ = [
    "ARCHIVES",
    "archive_file",
    "downloaded_archive",
    "list_movies",
    "needs_table",
    "read_archive_movies",
    "read_movie_table",
]
