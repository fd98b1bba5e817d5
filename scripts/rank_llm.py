"""Let one language model rank the held-out films of its users, by one yes/no question per film.

The outcome files of summarise_movie by one model and prompt are listed on the standard input.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.llm.prompts import prompt_hash
from trailerflow.llm.types import usage_row
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.program import run
from trailerflow.recommendations.llm_ranker import make_questions, rank_llm
from trailerflow.tables import outcomes_table, paths_from_stdin, read_table, write_about, write_table


def main() -> None:
    """Read the split and the films, ask, write the table; leave a mark where some answers may come later."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="training ratings")
    parser.add_argument("--test", type=Path, required=True, help="held-out ratings")
    parser.add_argument("--users", type=Path, required=True, help="tested users")
    parser.add_argument("--archive", type=Path, required=True, help="movies of the whole archive")
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--prompt", type=Path, required=True, help="prompt file of the question")
    add_model_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="table of scores to write")
    parser.add_argument("--about", type=Path, required=True, help="note on the table to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    client = client_of(arguments)
    model = client.model
    questions = make_questions(
        read_table(arguments.train),
        read_table(arguments.test),
        read_table(arguments.users),
        archive=read_table(arguments.archive),
        movies=read_table(arguments.movies),
        summaries=outcomes_table(paths_from_stdin(), ["summary"]),
    )
    table, usages = rank_llm(client, questions, arguments.prompt)
    leave_mark_for_rows(
        arguments.output, arguments.attempt, table.loc[table["status"] == "later", "earliest"]
    )
    write_table(table, arguments.output)
    write_about(
        arguments.about,
        rule="rank_llm",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        models=[{"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(arguments.prompt)}],
        usage=[usage_row(model.name, arguments.prompt.stem, table["movie"].nunique(), usages)],
        notes=[f"{count} answers are {status}." for status, count in table["status"].value_counts().items()],
    )


if __name__ == "__main__":
    run(main)
