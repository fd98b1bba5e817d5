"""Pass a transcript on in its own language, and say so."""

from __future__ import annotations

import argparse
from pathlib import Path

from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.trailers.translation import translate_transcript


def main() -> None:
    """Read the arguments, translate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcript", type=Path, required=True, help="outcome of transcribe_trailer")
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, from 0")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    outcome = translate_transcript(read_outcome(arguments.transcript))
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
