"""Write the movies of this run: the user's table joined with the archive, or the whole archive."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.catalogue.frames import select_movies
from trailerflow.program import run
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the arguments, join the table with the archive, write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--table", type=Path, nargs="?", help="the user's CSV; without it, every movie of the archive"
    )
    parser.add_argument("--catalogue-movies", type=Path, required=True, help="movies of fetch_catalogue")
    parser.add_argument("--output", type=Path, required=True, help="table of movies to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()

    started = time.monotonic()
    catalogue = read_table(arguments.catalogue_movies)
    movies = select_movies(catalogue, arguments.table)
    write_table(movies, arguments.output)
    archived = int(movies["movie"].isin(catalogue["movie"]).sum())
    write_about(
        arguments.about,
        rule="select_movies",
        seconds=time.monotonic() - started,
        packages=["pandas", "pyarrow"],
        notes=[f"{len(movies)} movies, {archived} of them in the archive."],
    )


if __name__ == "__main__":
    run(main)
