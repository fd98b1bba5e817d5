"""Ask a language model for a movie's summary."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.summaries.asked_ahead import AfterAsking
from trailerflow.summaries.summarise_movie import check_for, summarise_movie
from trailerflow.summaries.ways import way_of


def main() -> None:
    """Read the arguments, ask, write the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcript", type=Path, required=True, help="outcome of prepare_transcript")
    parser.add_argument("--movie", required=True, help="the movie as JSON: id, and title as in the catalogue")
    parser.add_argument("--way", required=True, help="name of the way of asking, in paths and tables")
    parser.add_argument("--prompts", type=Path, nargs="*", required=True, help="the way's prompt files")
    parser.add_argument("--words", type=int, required=True, help="length of the summary aimed at, in words")
    parser.add_argument(
        "--check",
        type=json.loads,
        required=True,
        help="JSON: measure, threshold, unsupported; null: no check",
    )
    parser.add_argument(
        "--check-prompts",
        type=Path,
        nargs="*",
        required=True,
        help="the check's prompt file, where there is one",
    )
    add_model_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    transcript = read_outcome(arguments.transcript)
    client = AfterAsking(client_of(arguments), arguments.run)
    outcome = summarise_movie(
        transcript,
        title=Movie.from_json(arguments.movie).title,
        way=way_of(arguments.way),
        prompts={path.stem: path for path in arguments.prompts},
        words=arguments.words,
        client=client,
        check=check_for(transcript, arguments.check, arguments.check_prompts, client),
    )
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
