"""Translate a transcript that is in another language than the prompts, or pass it on in its own and say so."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.trailers.translating.translate_transcript import translate_transcript
from trailerflow.trailers.translating.translators import choose_translator

if TYPE_CHECKING:
    from trailerflow.llm.client import Client


def main() -> None:
    """Read the arguments, translate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcript", type=Path, required=True, help="outcome of transcribe_trailer")
    parser.add_argument(
        "--translation",
        required=True,
        help="JSON object of by (keep, whisper, llm, ctranslate2), language, words and model, or folder",
    )
    parser.add_argument("--prompt", type=Path, nargs="?", help="prompt file, for llm")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--cache", type=Path, required=True, help="folder of the answers that were paid for")
    parser.add_argument("--run", type=Path, required=True, help="folder of what lives during a run")
    parser.add_argument(
        "--threads", type=int, required=True, help="CPU threads that a language model may use"
    )
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    settings = json.loads(arguments.translation)
    if arguments.prompt:
        settings["prompt"] = str(arguments.prompt)

    def client(model: Mapping[str, Any]) -> Client:
        from trailerflow.llm.arguments import client_of

        return client_of(argparse.Namespace(**vars(arguments), model=json.dumps(model)))

    outcome = translate_transcript(
        read_outcome(arguments.transcript),
        language=settings["language"],
        translator=choose_translator(settings, client),
    )
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
