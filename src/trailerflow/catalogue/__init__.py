"""The movies of a run: the user's own table, a MovieLens archive, or both.

What is named here needs the standard library only, so that the workflow can list its movies while it
builds the graph. The typed tables are made by ``trailerflow.catalogue.frames``, the downloads by
``trailerflow.catalogue.sources``.
"""

from trailerflow.catalogue.archives import read_archive_movies
from trailerflow.catalogue.listing import (
    MOVIELENS_100K,
    archive_file,
    downloaded_archive,
    list_movies,
)
from trailerflow.catalogue.movie_table import read_movie_table

__all__ = [
    "MOVIELENS_100K",
    "archive_file",
    "downloaded_archive",
    "list_movies",
    "read_archive_movies",
    "read_movie_table",
]
