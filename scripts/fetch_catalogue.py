"""Get the archive of ratings and write its movies and ratings as typed tables."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.catalogue.frames import Archive, empty_tables, read_archive
from trailerflow.catalogue.sources import fetch_archive
from trailerflow.program import run
from trailerflow.tables import write_about, write_table


def main() -> None:
    """Read the arguments, get the archive, write the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--archive",
        required=True,
        help="movielens-100k (to download it), the path of a MovieLens .zip, or none (for empty tables)",
    )
    parser.add_argument("--downloads", type=Path, required=True, help="folder that downloads are kept in")
    parser.add_argument("--movies", type=Path, required=True, help="table of movies to write")
    parser.add_argument("--ratings", type=Path, required=True, help="table of ratings to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()

    started = time.monotonic()
    if arguments.archive == "none":
        note = "No archive: catalogue.archive is null."
        archive = Archive(*empty_tables(), ())
    else:
        path, note = fetch_archive(arguments.archive, arguments.downloads)
        archive = read_archive(path)
    movies, ratings, notes = archive
    write_table(movies, arguments.movies)
    write_table(ratings, arguments.ratings)
    counts = f"{len(movies)} movies, {movies['duplicate_of'].count()} of them a second id of another; "
    write_about(
        arguments.about,
        rule="fetch_catalogue",
        seconds=time.monotonic() - started,
        packages=["pandas", "pyarrow"],
        notes=[note, counts + f"{len(ratings)} ratings of {ratings['user'].nunique()} users.", *notes],
    )


if __name__ == "__main__":
    run(main)
