"""Take a movie's reference synopsis from the user's table."""

from __future__ import annotations

import argparse
from pathlib import Path

from trailerflow.outcomes import write_outcome
from trailerflow.program import run
from trailerflow.summaries.synopses import fetch_synopsis


def main() -> None:
    """Read the arguments, look the movie up, write the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movie", required=True, help="identifier of the movie")
    parser.add_argument(
        "--table",
        type=Path,
        nargs="?",
        required=True,
        help="CSV with id and synopsis; no value where there is none",
    )
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    write_outcome(fetch_synopsis(arguments.movie, arguments.table), arguments.output)


if __name__ == "__main__":
    run(main)
