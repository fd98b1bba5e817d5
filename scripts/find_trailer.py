"""List the files of a movie from which its trailer can be read or heard."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from trailerflow.outcomes import write_outcome
from trailerflow.program import run
from trailerflow.trailers.find import find_trailer


def main() -> None:
    """Read the arguments, find, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movie", required=True, help="the movie's row as JSON, with its id")
    parser.add_argument("--media", type=Path, nargs="*", required=True, help="the movie's own media files")
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, from 0")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    outcome = find_trailer(json.loads(arguments.movie), arguments.media)
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
