"""Ask a language model for a movie's summary."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import read_outcome, write_outcome
from trailerflow.program import run
from trailerflow.summaries.summarise_movie import summarise_movie
from trailerflow.summaries.ways import way_of


def main() -> None:
    """Read the arguments, ask, write the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcript", type=Path, required=True, help="outcome of prepare_transcript")
    parser.add_argument("--movie", required=True, help="the movie as JSON: id, and title as in the catalogue")
    parser.add_argument("--way", required=True, help="name of the way of asking, in paths and tables")
    parser.add_argument("--prompts", type=Path, nargs="*", required=True, help="the way's prompt files")
    parser.add_argument("--words", type=int, required=True, help="length of the summary aimed at, in words")
    add_model_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="outcome to write")
    arguments = parser.parse_args()
    outcome = summarise_movie(
        read_outcome(arguments.transcript),
        title=Movie.from_json(arguments.movie).title,
        way=way_of(arguments.way),
        prompts={path.stem: path for path in arguments.prompts},
        words=arguments.words,
        client=client_of(arguments),
    )
    write_outcome(outcome, arguments.output, arguments.attempt)


if __name__ == "__main__":
    run(main)
