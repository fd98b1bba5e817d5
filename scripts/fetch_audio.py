"""Get the sound of a movie's trailer, where it has no captions that can be read."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.trailers.fetching.fetch_audio import fetch_audio
from trailerflow.trailers.speech.recogniser import SpeechSettings, is_recognised
from trailerflow.trailers.youtube.audio import AudioLimits
from trailerflow.web.arguments import add_web_arguments, web_access


def main() -> None:
    """Read the arguments, fetch, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trailer", type=Path, required=True, help="outcome of find_trailer")
    parser.add_argument("--captions", type=Path, required=True, help="outcome of fetch_captions")
    parser.add_argument(
        "--limits", required=True, help="JSON object of the longest seconds and the largest megabytes"
    )
    parser.add_argument(
        "--speech", required=True, help="settings of the recogniser, as for transcribe_trailer"
    )
    parser.add_argument("--models-folder", type=Path, required=True, help="where fetched models lie")
    parser.add_argument(
        "--speech-cache", type=Path, required=True, help="folder in which recognised speech is kept"
    )
    add_web_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()

    def is_transcribed(sha256: str) -> bool:
        settings = SpeechSettings.from_json(arguments.speech)
        return is_recognised(
            sha256, settings, models_folder=arguments.models_folder, cache=arguments.speech_cache
        )

    outcome = fetch_audio(
        read_outcome(arguments.trailer),
        read_outcome(arguments.captions),
        AudioLimits(**json.loads(arguments.limits)),
        web=web_access(arguments),
        is_transcribed=is_transcribed,
    )
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
