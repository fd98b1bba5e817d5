"""Predict the genres of every film by a language model, or by a system that was saved.

The outcome documents with the text that the system reads are listed on the standard input. With ``--model`` a language model
of these settings is asked; with ``--saved`` the system in a folder predicts, such as the one that train_encoder saved.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.film_texts import Text
from trailerflow.genres.job import gather
from trailerflow.genres.predictions import ALL, NEW
from trailerflow.genres.saved import Saved, load_system, predict_films
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.systems.llm import LlmSystem
from trailerflow.genres.texts import only_text, text_table
from trailerflow.llm.arguments import add_running_arguments, client_for
from trailerflow.outcome_tables import data_of_outcomes
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.program import run
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table
from trailerflow.torch_threads import use_threads


def main() -> None:
    """Read the films and texts, predict, write the tables; leave a mark where some answers may come later."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies to predict, with their titles")
    system = parser.add_mutually_exclusive_group(required=True)
    system.add_argument("--model", type=json.loads, help="settings of the language model as JSON")
    system.add_argument("--saved", type=Path, help="folder of a saved system")
    parser.add_argument("--prompt", type=Path, help="prompt file of the question; with --model")
    parser.add_argument("--text", help="name of the text that the language model reads; with --model")
    add_running_arguments(parser)
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--output", type=Path, required=True, help="table of predictions to write")
    parser.add_argument(
        "--films", type=Path, required=True, help="table of what became of every film to write"
    )
    parser.add_argument("--about", type=Path, required=True, help="about of the tables to write")
    arguments = parser.parse_args()
    if arguments.model and not (arguments.prompt and arguments.text):
        parser.error("--model needs --prompt and --text")
    start = time.monotonic()
    saved, part = _system(arguments), NEW if arguments.saved else ALL
    movies = read_table(arguments.movies)
    text = Text.from_name(only_text(saved.system.reads.texts))
    texts = text_table(data_of_outcomes(paths_from_stdin(), [text.column]), movies["movie"], text)
    gathered = gather(movies, {text.name: texts}, saved.system.reads)
    tables = predict_films(saved, gathered, list(movies["movie"]), part)
    asked = tables.films[tables.films["movie"].isin(gathered.films.movies)]
    leave_mark_for_rows(
        arguments.output, arguments.attempt, asked.loc[asked["status"] == "later", "earliest"]
    )
    write_table(tables.films, arguments.films)
    write_table(tables.predictions, arguments.output)
    told = saved.system.told()
    write_about(
        arguments.about,
        rule="predict_genres",
        seconds=time.monotonic() - start,
        packages=told.packages,
        models=told.models,
        usage=told.usage,
        notes=[
            *(
                f"{count} movies are {status}."
                for status, count in tables.films["status"].value_counts().items()
            ),
            *told.notes,
        ],
    )


def _system(arguments: argparse.Namespace) -> Saved:
    if arguments.saved:
        use_threads(arguments.threads)
        return load_system(arguments.saved, Surroundings(lambda settings: client_for(settings, arguments)))
    client = client_for(arguments.model, arguments)
    return Saved(LlmSystem(client.model.name, arguments.text, client, arguments.prompt), None)


if __name__ == "__main__":
    run(main)
