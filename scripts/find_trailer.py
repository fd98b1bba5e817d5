"""List where a movie's trailer can be read or heard: its own files, then the sources on the web."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.movies.movie import Movie
from trailerflow.outcomes import write_outcome
from trailerflow.program import run
from trailerflow.trailers.finding.find_trailer import find_trailer
from trailerflow.trailers.finding.sources import SOURCES
from trailerflow.web.arguments import add_web_arguments, web_access


def main() -> None:
    """Read the arguments, find, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movie", required=True, help="the movie's row as JSON, with its id")
    parser.add_argument("--media", type=Path, nargs="*", required=True, help="the movie's own media files")
    parser.add_argument(
        "--sources",
        nargs="*",
        choices=SOURCES,
        required=True,
        help="sources on the web, in the order of asking",
    )
    parser.add_argument("--table", type=Path, nargs="?", required=True, help="output of match_trailer_table")
    add_web_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    outcome = find_trailer(
        Movie.from_json(arguments.movie),
        arguments.media,
        arguments.sources,
        web=web_access(arguments),
        table=arguments.table,
    )
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
