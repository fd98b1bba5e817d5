"""Gather the extra labelled texts: read each source, leave out what may be of a film of the run, split the rest by film."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.genres.extra.gather import Wanted, gather_extra_texts
from trailerflow.movies.movie import Movie
from trailerflow.program import run
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the sources and the movies of the run, write the texts with what each is for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument(
        "--sources",
        type=json.loads,
        required=True,
        help="sources as JSON: a list of objects with name, path, genre_names and weight",
    )
    parser.add_argument("--validation", type=float, required=True, help="share to choose thresholds by")
    parser.add_argument("--test", type=float, required=True, help="share that nothing is learnt from")
    parser.add_argument("--seed", type=int, required=True, help="seed of the split")
    parser.add_argument("--output", type=Path, required=True, help="table of the texts to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    wanted = [
        Wanted(
            one["name"],
            Path(one["path"]),
            Path(one["genre_names"]) if one["genre_names"] else None,
            one["weight"],
        )
        for one in arguments.sources
    ]
    movies = read_table(arguments.movies)
    table, notes = gather_extra_texts(
        wanted,
        [
            Movie(movie, title, None if pd.isna(year) else int(year))
            for movie, title, year in movies[["movie", "title", "year"]].itertuples(index=False)
        ],
        validation=arguments.validation,
        test=arguments.test,
        seed=arguments.seed,
    )
    for note in notes:
        print(note)
    write_table(table, arguments.output)
    write_about(
        arguments.about,
        rule="gather_extra_texts",
        seconds=time.monotonic() - start,
        packages=["iterative-stratification", "pandas"],
        notes=notes,
    )


if __name__ == "__main__":
    run(main)
