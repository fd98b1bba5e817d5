"""Ask a hosted model for the summaries of all movies ahead of their own jobs, which then find the answers.

The movies are listed on the standard input, each as JSON on a line: id, and title as in the catalogue.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.files import write_json
from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.llm.client import Client
from trailerflow.llm.operation import Operation
from trailerflow.lock import long_lock
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import leave_mark_for_rows, read_outcome
from trailerflow.program import run
from trailerflow.summaries.ask_summaries import RULE, Asking, Film, ask_summaries
from trailerflow.summaries.asked_ahead import NewAnswers, lock_of


def main() -> None:
    """Read the arguments, and ask while the movies' own jobs wait."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", required=True, help="outcomes of prepare_transcript, with {movie}")
    parser.add_argument(
        "--outcomes", required=True, help="outcomes of summarise_movie, with {model}, {way} and {movie}"
    )
    parser.add_argument(
        "--checks",
        type=json.loads,
        required=True,
        help="JSON: for each way of asking how it is checked, as summarise_movie takes it; null: no check",
    )
    parser.add_argument("--prompts", type=Path, nargs="*", required=True, help="prompt files of all ways")
    parser.add_argument(
        "--check-prompts",
        type=Path,
        nargs="*",
        required=True,
        help="the check's prompt file, where there is one",
    )
    parser.add_argument("--words", type=int, required=True, help="length of a summary aimed at, in words")
    add_model_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="count of the requests to write")
    arguments = parser.parse_args()
    client = client_of(arguments)
    # Held at once: the movies' own jobs start at the same time, and wait.
    with long_lock(lock_of(arguments.run, client.model.name), lambda: None):
        _ask(client, arguments)


def _ask(client: Client, arguments: argparse.Namespace) -> None:
    """Read the movies and their transcripts, ask, write what became of the requests."""
    films = _told_films(arguments.transcripts)
    asking = Asking(
        checks=arguments.checks,
        prompts={path.stem: path for path in arguments.prompts},
        check_prompts=arguments.check_prompts,
        words=arguments.words,
        outcomes=arguments.outcomes,
    )
    new = NewAnswers(arguments.run, client.model.name, Operation.from_environment().run)
    tally = ask_summaries(films, asking, client, new)
    leave_mark_for_rows(arguments.output, arguments.attempt, tally.times)
    write_json(
        arguments.output,
        {
            "rule": RULE,
            "model": client.model.name,
            "movies": len(films),
            "ways": list(asking.checks),
            "left": tally.left,
            "requests": dict(tally.requests),
        },
    )


def _told_films(transcripts: str) -> list[Film]:
    """The movies whose transcript is ok."""
    movies = [Movie.from_json(line) for line in sys.stdin if line.strip()]
    told = [Film(read_outcome(transcripts.format(movie=movie.id)), movie.title) for movie in movies]
    return [film for film in told if film.transcript.status == "ok"]


if __name__ == "__main__":
    run(main)
