"""Take the captions of a movie's trailer, from its own subtitle files or from YouTube."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.trailers.fetching.fetch_captions import fetch_captions
from trailerflow.web.arguments import add_web_arguments, web_access


def main() -> None:
    """Read the arguments, fetch, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trailer", type=Path, required=True, help="outcome of find_trailer")
    parser.add_argument("--languages", nargs="*", required=True, help="languages of captions, the best first")
    parser.add_argument("--table", type=Path, nargs="?", required=True, help="output of match_trailer_table")
    add_web_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    outcome = fetch_captions(
        read_outcome(arguments.trailer),
        arguments.languages,
        web=web_access(arguments),
        table=arguments.table,
    )
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
