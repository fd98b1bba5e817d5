"""Let one language model name the genres of every film from its title and summary.

The outcome files of summarise_movie by one model and prompt are listed on the standard input.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.genres.llm_genres import predict_genres, reading_note
from trailerflow.genres.texts import summaries_of
from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.llm.prompts import prompt_hash
from trailerflow.llm.types import usage_row
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.program import run
from trailerflow.tables import outcomes_table, paths_from_stdin, read_table, write_about, write_table


def main() -> None:
    """Read the films and summaries, ask, write the table; leave a mark where some answers may come later."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--prompt", type=Path, required=True, help="prompt file of the question")
    add_model_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="table of genres to write")
    parser.add_argument("--about", type=Path, required=True, help="note on the table to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    client = client_of(arguments)
    model = client.model
    movies = read_table(arguments.movies)
    texts = summaries_of(outcomes_table(paths_from_stdin(), ["summary"]), movies["movie"])
    table, usages = predict_genres(client, movies, texts, arguments.prompt)
    asked = (texts["status"] == "ok").to_numpy()
    leave_mark_for_rows(
        arguments.output, arguments.attempt, table.loc[asked & (table["status"] == "later"), "earliest"]
    )
    write_table(table, arguments.output)
    write_about(
        arguments.about,
        rule="predict_genres",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        models=[{"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(arguments.prompt)}],
        usage=[usage_row(model.name, arguments.prompt.stem, int(asked.sum()), usages)],
        notes=[
            *(f"{count} movies are {status}." for status, count in table["status"].value_counts().items()),
            reading_note(table),
        ],
    )


if __name__ == "__main__":
    run(main)
