"""Ask a language model what it knows of films by their titles alone, and say how far that is beyond a constant answer."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.genres.probe import RULE, draw_films, probe_memory, summarise_probe
from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.llm.prompts import prompt_hash
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.program import run
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Draw the films, ask, write the tables; leave a mark where some answers may come later."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run, with their genres")
    parser.add_argument("--count", type=int, required=True, help="films to ask about")
    parser.add_argument("--seed", type=int, required=True, help="seed of the draw and of the bootstrap")
    parser.add_argument(
        "--prompts",
        type=Path,
        nargs="+",
        required=True,
        help="prompt file memory_<question>.txt of each question",
    )
    add_model_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="table of all answers to write")
    parser.add_argument("--summary", type=Path, required=True, help="table of their means to write")
    parser.add_argument("--about", type=Path, required=True, help="about of the tables to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    client = client_of(arguments)
    films = draw_films(read_table(arguments.movies), arguments.count, arguments.seed)
    prompts = {path.stem.removeprefix("memory_"): path for path in arguments.prompts}
    rows, usages = probe_memory(client, films, prompts, arguments.seed)
    leave_mark_for_rows(arguments.output, arguments.attempt, rows.loc[rows["status"] == "later", "earliest"])
    write_table(rows, arguments.output)
    write_table(summarise_probe(client.model.name, rows, arguments.seed), arguments.summary)
    model = client.model
    write_about(
        arguments.about,
        rule=RULE,
        seconds=time.monotonic() - start,
        packages=["pandas"],
        models=[
            {"name": model.name, "hash": model.hash, "prompt_hash": prompt_hash(path)}
            for path in arguments.prompts
        ],
        usage=usages,
        notes=[f"{model.name} was asked about {len(films)} films by their titles alone."],
        of=[model.name],
    )


if __name__ == "__main__":
    run(main)
