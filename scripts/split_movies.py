"""Split the films once for everyone who trains or judges: a held-out part, and folds of the rest."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.genres.split import own_split, split_movies
from trailerflow.program import run
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the movies, split them, write the table and what was left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--held-out", type=float, required=True, help="share of the films held out")
    parser.add_argument("--folds", type=int, required=True, help="folds of the other films")
    parser.add_argument("--seed", type=int, required=True, help="seed of the split")
    parser.add_argument("--own", type=Path, nargs="?", help="the user's own split; without it, drawn by seed")
    parser.add_argument("--output", type=Path, required=True, help="table of the split to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    movies = read_table(arguments.movies)
    if arguments.own:
        table, notes = own_split(movies, arguments.own)
    else:
        table, notes = split_movies(
            movies, held_out=arguments.held_out, folds=arguments.folds, seed=arguments.seed
        )
    for note in notes:
        print(note)
    write_table(table, arguments.output)
    write_about(
        arguments.about,
        rule="split_movies",
        seconds=time.monotonic() - start,
        packages=["iterative-stratification", "pandas"],
        notes=notes,
    )


if __name__ == "__main__":
    run(main)
