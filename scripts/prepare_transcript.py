"""Clean a movie's transcript and cut it to the configured number of words."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.trailers.transcripts.prepare_transcript import prepare_transcript


def main() -> None:
    """Read the arguments, prepare, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcript", type=Path, required=True, help="outcome of translate_transcript")
    parser.add_argument("--words", type=int, required=True, help="longest text kept, in words")
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    outcome = prepare_transcript(read_outcome(arguments.transcript), words=arguments.words)
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
