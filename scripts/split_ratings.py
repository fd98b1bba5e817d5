"""Hold out each user's last ratings of this run's films, and draw the users for the language models."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.recommendations.split import split_ratings
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the ratings, split them, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ratings", type=Path, required=True, help="ratings of the whole archive")
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--held-out", type=int, required=True, help="ratings held out of each user")
    parser.add_argument(
        "--history", type=int, required=True, help="ratings of this run's films that a user needs besides"
    )
    parser.add_argument("--llm-users", type=int, required=True, help="users drawn for the language models")
    parser.add_argument("--seed", type=int, required=True, help="seed of the draw")
    parser.add_argument("--train", type=Path, required=True, help="table of the other ratings to write")
    parser.add_argument("--test", type=Path, required=True, help="table of the held-out ratings to write")
    parser.add_argument("--users", type=Path, required=True, help="table of the tested users to write")
    parser.add_argument("--about", type=Path, required=True, help="note on the tables to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    split = split_ratings(
        read_table(arguments.ratings),
        read_table(arguments.movies),
        held_out=arguments.held_out,
        history=arguments.history,
        llm_users=arguments.llm_users,
        seed=arguments.seed,
    )
    write_table(split.train, arguments.train)
    write_table(split.test, arguments.test)
    write_table(split.users, arguments.users)
    write_about(
        arguments.about,
        rule="split_ratings",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas"],
        notes=split.notes,
    )


if __name__ == "__main__":
    run(main)
