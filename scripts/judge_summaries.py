"""Let a language model rate pairs of summaries, each in both orders."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.judging.arguments import add_pair_arguments, pairs_of
from trailerflow.judging.judge_summaries import judge_summaries
from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.llm.prompts import prompt_hash
from trailerflow.llm.types import usage_row
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.program import run
from trailerflow.tables import write_about, write_table


def main() -> None:
    """Draw the pairs, ask, write the tables; leave a mark where some judgements may come later."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_pair_arguments(parser)
    parser.add_argument("--prompt", type=Path, required=True, help="prompt file of the question")
    add_model_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--judgements", type=Path, required=True, help="table of judgements to write")
    parser.add_argument("--ratings", type=Path, required=True, help="table of ratings to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    client = client_of(arguments)
    model = client.model
    judgements, ratings, usages = judge_summaries(client, pairs_of(arguments), arguments.prompt)
    leave_mark_for_rows(
        arguments.judgements,
        arguments.attempt,
        judgements.loc[judgements["status"] == "later", "earliest"],
    )
    write_table(ratings, arguments.ratings)
    write_about(
        arguments.about,
        rule="judge_summaries",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        models=[{"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(arguments.prompt)}],
        usage=[usage_row(model.name, arguments.prompt.stem, judgements["movie"].nunique(), usages)],
        notes=[
            f"{count} judgements are {status}."
            for status, count in judgements["status"].value_counts().items()
        ],
    )
    write_table(judgements, arguments.judgements)


if __name__ == "__main__":
    run(main)
