"""Ask a language model for the genres of every film in one way, in one arm after another.

The outcome documents with the text that it reads are listed on the standard input.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.film_texts import Text
from trailerflow.genres.asking import ask_all
from trailerflow.genres.extra.films import extra_films
from trailerflow.genres.films import NO_FILMS
from trailerflow.genres.job import gather
from trailerflow.genres.predictions import Tables
from trailerflow.genres.systems.language_model import ARMS, RULE, reads_of
from trailerflow.genres.systems.ways import WAYS
from trailerflow.genres.texts import text_table
from trailerflow.llm.arguments import add_model_arguments, client_of
from trailerflow.outcome_tables import data_of_outcomes
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.program import run
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table


def main() -> None:
    """Read the films and texts, ask, write the tables; leave a mark where some answers may come later."""
    arguments = _parser().parse_args()
    start = time.monotonic()
    movies, split = read_table(arguments.movies), read_table(arguments.split)
    extra = read_table(arguments.extra) if arguments.extra else None
    text = Text.from_name(arguments.text)
    texts = text_table(data_of_outcomes(paths_from_stdin(), [text.column]), movies["movie"], text)
    client = client_of(arguments)
    name = f"{client.model.name}/{arguments.way}"
    systems, parts = [], []
    for arm in arguments.arms:
        reads = reads_of(text.name, arm)
        system = WAYS[arguments.way](name, reads, client, arguments.prompt, arguments.seed)
        systems.append(system)
        gathered = gather(movies, {text.name: texts}, reads)
        examples = NO_FILMS if extra is None else extra_films(extra, reads).train
        parts.append(
            ask_all(
                system, gathered, list(movies["movie"]), split, rule=RULE, extra=examples, seed=arguments.seed
            )
        )
    tables = Tables.together(parts)
    read = tables.films[tables.films["movie"].isin(texts.loc[texts["status"] == "ok", "movie"])]
    leave_mark_for_rows(arguments.output, arguments.attempt, read.loc[read["status"] == "later", "earliest"])
    write_table(tables.films, arguments.films)
    write_table(tables.predictions, arguments.output)
    told = [system.told() for system in systems]
    write_about(
        arguments.about,
        rule=RULE,
        seconds=time.monotonic() - start,
        packages=told[0].packages,
        models=told[0].models,
        usage=[usage for one in told for usage in one.usage],
        notes=[
            f"{system.arm}: {note}" if len(systems) > 1 else note
            for system, part, one in zip(systems, parts, told, strict=True)
            for note in (*_counts(part), *one.notes)
        ],
        of=[client.model.name, arguments.way],
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies to predict, with their titles")
    parser.add_argument("--split", type=Path, required=True, help="split of the films")
    parser.add_argument("--way", choices=WAYS, required=True, help="how the model is asked")
    parser.add_argument(
        "--arms", nargs="+", choices=ARMS, required=True, help="with the title, or without it"
    )
    parser.add_argument("--text", required=True, help="name of the text that it reads")
    parser.add_argument("--extra", type=Path, help="table of extra labelled texts, to take examples from")
    parser.add_argument("--seed", type=int, required=True, help="seed of the examples that are shown")
    parser.add_argument("--prompt", type=Path, required=True, help="prompt file of the question")
    add_model_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="table of predictions to write")
    parser.add_argument(
        "--films", type=Path, required=True, help="table of what became of every film to write"
    )
    parser.add_argument("--about", type=Path, required=True, help="about of the tables to write")
    return parser


def _counts(tables: Tables) -> list[str]:
    """How many films have which status, in sentences."""
    return [
        f"{count} movies are {status}." for status, count in tables.films["status"].value_counts().items()
    ]


if __name__ == "__main__":
    run(main)
