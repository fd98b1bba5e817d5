"""Split the ratings by one of the ways of splitting: all its parts, and what every protocol asks of them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.split_tables import SCHEMAS, write_split
from trailerflow.recommendations.splits.coding import as_released, coded, known_films
from trailerflow.recommendations.splits.times import told_of_times
from trailerflow.registers import chosen_class
from trailerflow.tables import read_table, write_about


def main() -> None:
    """Read the ratings, split them, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", required=True, help="name of the split")
    parser.add_argument("--kind", required=True, help="kind of the split")
    parser.add_argument("--settings", type=json.loads, required=True, help="its own settings, as JSON")
    parser.add_argument(
        "--ratings",
        type=Path,
        required=True,
        help="ratings of the whole archive, for some splits as released",
    )
    parser.add_argument("--archive", type=Path, required=True, help="movies of the whole archive")
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--held-out", type=int, required=True, help="ratings held out of each user")
    parser.add_argument(
        "--history", type=int, required=True, help="ratings of this run's films that a user needs besides"
    )
    parser.add_argument("--llm-users", type=int, required=True, help="users drawn for the language models")
    parser.add_argument("--seed", type=int, required=True, help="seed of the draw")
    parser.add_argument("--tie-seeds", type=int, required=True, help="orders of ratings of one second")
    for name in SCHEMAS:
        parser.add_argument(f"--{name}", type=Path, required=True, help=f"table of {name} to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    movies = read_table(arguments.movies)
    common = Settings(
        arguments.held_out, arguments.history, arguments.llm_users, arguments.seed, arguments.tie_seeds
    )
    kind = chosen_class("trailerflow.recommendations.register:SPLITS", arguments.kind)
    split = kind(arguments.settings)
    ratings = read_table(arguments.ratings)
    films = known_films(read_table(arguments.archive), movies)
    own = as_released(ratings) if split.as_released else coded(ratings, films)
    notes = write_split(
        split.split(own, movies, common),
        {name: getattr(arguments, name) for name in SCHEMAS},
    )
    write_about(
        arguments.about,
        rule="split_ratings",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas"],
        notes=[*told_of_times(ratings), *notes],
        of=[arguments.split],
    )


if __name__ == "__main__":
    run(main)
