"""Remove the sound of a movie's trailer that was downloaded, once everybody who hears it has."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.trailers.fetching.remove_audio import remove_audio


def main() -> None:
    """Read the arguments, remove, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audio", type=Path, required=True, help="outcome of fetch_audio")
    parser.add_argument(
        "--heard", type=Path, nargs="+", required=True, help="outcomes of the rules that hear it"
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder of the web's answers")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    heard = [read_outcome(path) for path in arguments.heard]
    write_outcome(remove_audio(read_outcome(arguments.audio), heard, arguments.cache), arguments.output)


if __name__ == "__main__":
    run(main)
