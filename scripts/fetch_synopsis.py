"""Take a movie's reference synopsis from the first source that has one: the user's table, or sites on the web."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.movies.movie import Movie
from trailerflow.outcomes import write_outcome
from trailerflow.program import run
from trailerflow.synopses.fetch_synopsis import fetch_synopsis
from trailerflow.synopses.sources import SOURCES
from trailerflow.web.arguments import add_web_arguments, web_access


def main() -> None:
    """Read the arguments, look the movie up, write the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--movie",
        required=True,
        help="the movie's row as JSON: id, and where a site may be asked title and year",
    )
    parser.add_argument(
        "--sources", nargs="+", choices=SOURCES, required=True, help="sources, in the order of asking"
    )
    parser.add_argument(
        "--table",
        type=Path,
        nargs="?",
        required=True,
        help="CSV with id and synopsis; no value where there is none",
    )
    add_web_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    outcome = fetch_synopsis(
        Movie.from_json(arguments.movie), arguments.sources, web=web_access(arguments), table=arguments.table
    )
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
