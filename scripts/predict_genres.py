"""Predict the genres of every film by a language model, or by a system that was saved.

The outcome documents with the text that the system reads are listed on the standard input. With ``--model`` a language
model of these settings is asked in one way, in one arm after another; with ``--saved`` the system in a folder predicts, such
as the one that train_encoder saved.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.film_texts import Text
from trailerflow.genres.asking import ask_all
from trailerflow.genres.extra.films import extra_films
from trailerflow.genres.films import NO_FILMS
from trailerflow.genres.job import Gathered, gather
from trailerflow.genres.predictions import NEW, Tables
from trailerflow.genres.saved import load_system, predict_films
from trailerflow.genres.systems.contract import Surroundings, System
from trailerflow.genres.systems.language_model import ARMS, RULE, reads_of
from trailerflow.genres.systems.ways import WAYS
from trailerflow.genres.texts import only_text, text_table
from trailerflow.llm.arguments import add_running_arguments, client_for
from trailerflow.outcome_tables import data_of_outcomes
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.program import run
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table
from trailerflow.torch_threads import use_threads

ASKED = ("way", "arms", "prompt", "text", "split", "seed")
"""Arguments that a language model needs."""

Predicting = tuple[Sequence[System], Callable[[System, Gathered], Tables]]
"""Systems that read the same texts, and how each predicts from what was gathered."""


def main() -> None:
    """Read the films and texts, predict, write the tables; leave a mark where some answers may come later."""
    parser = _parser()
    arguments = parser.parse_args()
    if arguments.model and any(vars(arguments)[name] is None for name in ASKED):
        parser.error("--model needs --" + ", --".join(ASKED))
    start = time.monotonic()
    movies = read_table(arguments.movies)
    systems, predict = (_saved if arguments.saved else _asked)(arguments, movies)
    text = Text.from_name(only_text(systems[0].reads.texts))
    texts = text_table(data_of_outcomes(paths_from_stdin(), [text.column]), movies["movie"], text)
    parts = [predict(system, gather(movies, {text.name: texts}, system.reads)) for system in systems]
    tables = Tables.together(parts)
    asked = tables.films[tables.films["movie"].isin(texts.loc[texts["status"] == "ok", "movie"])]
    leave_mark_for_rows(
        arguments.output, arguments.attempt, asked.loc[asked["status"] == "later", "earliest"]
    )
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
        of=[] if arguments.saved else [arguments.model["name"], arguments.way],
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies to predict, with their titles")
    system = parser.add_mutually_exclusive_group(required=True)
    system.add_argument("--model", type=json.loads, help="settings of the language model as JSON")
    system.add_argument("--saved", type=Path, help="folder of a saved system")
    asked = parser.add_argument_group("with --model")
    asked.add_argument("--way", choices=WAYS, help="how it is asked")
    asked.add_argument("--arms", nargs="+", choices=ARMS, help="with the title, or without it")
    asked.add_argument("--prompt", type=Path, help="prompt file of the question")
    asked.add_argument("--text", help="name of the text that it reads")
    asked.add_argument("--split", type=Path, help="split of the films")
    asked.add_argument("--extra", type=Path, help="table of extra labelled texts, to take examples from")
    asked.add_argument("--seed", type=int, help="seed of the examples that are shown")
    add_running_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="table of predictions to write")
    parser.add_argument(
        "--films", type=Path, required=True, help="table of what became of every film to write"
    )
    parser.add_argument("--about", type=Path, required=True, help="about of the tables to write")
    return parser


def _saved(arguments: argparse.Namespace, movies: pd.DataFrame) -> Predicting:
    """The saved system, and how it predicts."""
    use_threads(arguments.threads)
    saved = load_system(arguments.saved, Surroundings(lambda settings: client_for(settings, arguments)))
    return [saved.system], lambda _, gathered: predict_films(saved, gathered, list(movies["movie"]), NEW)


def _asked(arguments: argparse.Namespace, movies: pd.DataFrame) -> Predicting:
    """The language model's system in each arm, and how they predict."""
    client, split = client_for(arguments.model, arguments), read_table(arguments.split)
    name = f"{client.model.name}/{arguments.way}"
    systems: list[System] = [
        WAYS[arguments.way](name, reads_of(arguments.text, arm), client, arguments.prompt, arguments.seed)
        for arm in arguments.arms
    ]
    extra = read_table(arguments.extra) if arguments.extra else None

    def predict(system: System, gathered: Gathered) -> Tables:
        shown = NO_FILMS if extra is None else extra_films(extra, system.reads).train
        return ask_all(
            system, gathered, list(movies["movie"]), split, rule=RULE, extra=shown, seed=arguments.seed
        )

    return systems, predict


def _counts(tables: Tables) -> list[str]:
    """How many films have which status, in sentences."""
    return [
        f"{count} movies are {status}." for status, count in tables.films["status"].value_counts().items()
    ]


if __name__ == "__main__":
    run(main)
