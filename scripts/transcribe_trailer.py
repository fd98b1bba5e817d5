"""Give a trailer's words: its captions, or what a speech recogniser hears."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.places import found
from trailerflow.program import run
from trailerflow.trailers.speech.recogniser import Recogniser, SpeechSettings
from trailerflow.trailers.speech.transcribe_trailer import transcribe_trailer


def main() -> None:
    """Read the arguments, transcribe, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captions", type=Path, required=True, help="outcome of fetch_captions")
    parser.add_argument("--audio", type=Path, required=True, help="outcome of fetch_audio")
    parser.add_argument(
        "--speech",
        required=True,
        help="JSON object of model, beam_size, device, compute_type, idle_seconds; {} where no audio is",
    )
    parser.add_argument("--models-folder", type=Path, required=True, help="where fetched models lie")
    parser.add_argument("--cache", type=Path, required=True, help="folder in which recognised speech is kept")
    parser.add_argument("--run", type=Path, required=True, help="folder of what lives during a run")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads of the speech server")
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()

    def recognise(path: Path, sha256: str | None) -> tuple[dict[str, Any], bool]:
        recogniser = Recogniser(
            SpeechSettings.from_json(arguments.speech),
            models_folder=arguments.models_folder,
            cache=arguments.cache,
            run=arguments.run,
            threads=arguments.threads,
        )
        return recogniser.recognise(found(path), sha256)

    outcome = transcribe_trailer(read_outcome(arguments.captions), read_outcome(arguments.audio), recognise)
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
