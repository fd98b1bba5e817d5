"""Let one language model rank the held-out films of its users, by one yes/no question per film."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from trailerflow.llm import Client, LanguageModel, usage_of
from trailerflow.llm.prompts import prompt_hash
from trailerflow.outcomes import leave_mark
from trailerflow.program import run
from trailerflow.recommendations.llm_ranker import make_questions, rank_llm, summaries_of
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the split and the films, ask, write the table; leave a mark where some answers may come later."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="training ratings")
    parser.add_argument("--test", type=Path, required=True, help="held-out ratings")
    parser.add_argument("--users", type=Path, required=True, help="tested users")
    parser.add_argument("--archive", type=Path, required=True, help="movies of the whole archive")
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--summaries", type=Path, required=True, help="summaries of this run's movies")
    parser.add_argument(
        "--summary-prompt", required=True, help="name of the prompt whose summaries are shown"
    )
    parser.add_argument("--prompt", type=Path, required=True, help="prompt file of the question")
    parser.add_argument("--model", required=True, help="settings of the language model, as JSON")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--cache", type=Path, required=True, help="folder of the answers that were paid for")
    parser.add_argument("--run", type=Path, required=True, help="folder of what lives during a run")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads of an embedded server")
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="table of scores to write")
    parser.add_argument("--about", type=Path, required=True, help="note on the table to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    model = LanguageModel.from_json(arguments.model)
    questions = make_questions(
        read_table(arguments.train),
        read_table(arguments.test),
        read_table(arguments.users),
        archive=read_table(arguments.archive),
        movies=read_table(arguments.movies),
        summaries=summaries_of(read_table(arguments.summaries), model.name, arguments.summary_prompt),
    )
    client = Client(
        model,
        cache=arguments.cache,
        run=arguments.run,
        models_folder=arguments.models_folder,
        threads=arguments.threads,
    )
    table, answers = rank_llm(client, questions, arguments.prompt)
    waiting = table[table["status"] == "later"]
    if not waiting.empty:
        known = waiting["earliest"].dropna()
        earliest = None if known.empty else known.min()
        leave_mark(arguments.output, arguments.attempt, earliest)
    write_table(table, arguments.output)
    write_about(
        arguments.about,
        rule="rank_llm",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        models=[{"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(arguments.prompt)}],
        usage=usage_of(answers),
        notes=[f"{count} answers are {status}." for status, count in table["status"].value_counts().items()],
    )


if __name__ == "__main__":
    run(main)
