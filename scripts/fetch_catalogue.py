"""Get the archive of ratings and write its movies, its ratings and the people who rated as typed tables."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.catalogue.frames import empty_archive, read_archive
from trailerflow.catalogue.sources import fetch_archive
from trailerflow.program import run
from trailerflow.tables import write_about, write_table


def main() -> None:
    """Read the arguments, get the archive, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--archive",
        required=True,
        help="name of an archive to download (movielens-100k, movielens-latest-small, movielens-1m), path of a MovieLens "
        ".zip or of a .csv of ratings, or none (for empty tables)",
    )
    parser.add_argument("--table", type=Path, help="the table of movies, which names the films of a .csv")
    parser.add_argument("--downloads", type=Path, required=True, help="folder that downloads are kept in")
    parser.add_argument("--movies", type=Path, required=True, help="table of movies to write")
    parser.add_argument("--ratings", type=Path, required=True, help="table of the ratings that count")
    parser.add_argument("--released", type=Path, required=True, help="table of all ratings as released")
    parser.add_argument("--people", type=Path, required=True, help="table of the people who rated")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()

    started = time.monotonic()
    if arguments.archive == "none":
        note, archive = "No archive: catalogue.archive is null.", empty_archive()
    else:
        path, note = fetch_archive(arguments.archive, arguments.downloads)
        archive = read_archive(path, arguments.table)
    movies, ratings, released, people, notes = archive
    for table, target in (
        (movies, arguments.movies),
        (ratings, arguments.ratings),
        (released, arguments.released),
        (people, arguments.people),
    ):
        write_table(table, target)
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
