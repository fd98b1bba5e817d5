"""Ask a language model for a movie's summary."""

from __future__ import annotations

import argparse
from pathlib import Path

from trailerflow.llm import Client, LanguageModel
from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.summaries.summarise import summarise_movie


def main() -> None:
    """Read the arguments, ask, write the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcript", type=Path, required=True, help="outcome of prepare_transcript")
    parser.add_argument("--title", required=True, help="title of the movie as in the catalogue")
    parser.add_argument("--prompt", type=Path, required=True, help="prompt file")
    parser.add_argument("--prompt-name", required=True, help="name of the prompt in paths and tables")
    parser.add_argument("--words", type=int, required=True, help="length of the summary aimed at, in words")
    parser.add_argument("--model", required=True, help="settings of the language model as JSON")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--cache", type=Path, required=True, help="folder of the answers that were paid for")
    parser.add_argument("--run", type=Path, required=True, help="folder of what lives during a run")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads that the model may use")
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    client = Client(
        LanguageModel.from_json(arguments.model),
        cache=arguments.cache,
        run=arguments.run,
        models_folder=arguments.models_folder,
        threads=arguments.threads,
    )
    outcome = summarise_movie(
        read_outcome(arguments.transcript),
        title=arguments.title,
        prompt=arguments.prompt,
        prompt_name=arguments.prompt_name,
        words=arguments.words,
        client=client,
    )
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
