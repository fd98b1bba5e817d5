"""Train one system that predicts genres: cross-validated on the folds, then on all of them for what is kept for a test.

The outcome documents with the texts that it reads are listed on the standard input. Fits that an earlier, killed run has
finished are not made again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.genres.configured import ConfiguredSystem
from trailerflow.genres.predictions import read_predictions
from trailerflow.genres.saved import save_system
from trailerflow.genres.training import Readings, Surrounded, train
from trailerflow.program import run
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table
from trailerflow.torch_threads import use_threads

RULE = "train_genres"


def main() -> None:
    """Read the films, their split and texts, train, write predictions and the trained system."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run, with their genres")
    parser.add_argument("--split", type=Path, required=True, help="split of the films")
    parser.add_argument("--extra", type=Path, help="table of extra labelled texts")
    parser.add_argument("--system", type=json.loads, required=True, help="entry of genres.systems, as JSON")
    parser.add_argument(
        "--others", type=Path, nargs="*", default=[], help="predictions of the systems that it reads"
    )
    parser.add_argument(
        "--inner", action="store_true", help="predict inner folds, for systems that learn from this one"
    )
    parser.add_argument(
        "--teaches", action="store_true", help="predict the extra texts, for a system that this one teaches"
    )
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--vectors", type=Path, help="folder with the vectors of the texts")
    parser.add_argument("--seed", type=int, required=True, help="seed of the training")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument(
        "--code", required=True, help="hash of the code: fits of another version are not taken"
    )
    parser.add_argument("--model", type=Path, required=True, help="folder of the trained system to write")
    parser.add_argument("--output", type=Path, required=True, help="table of predictions to write")
    parser.add_argument(
        "--films", type=Path, required=True, help="table of what became of every film to write"
    )
    parser.add_argument("--about", type=Path, required=True, help="about of the tables to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    use_threads(arguments.threads)
    trained = train(
        ConfiguredSystem.from_entry(arguments.system),
        Readings(
            movies=read_table(arguments.movies),
            split=read_table(arguments.split),
            documents=paths_from_stdin(),
            extra=read_table(arguments.extra) if arguments.extra else None,
            others={path.stem: read_predictions(path) for path in arguments.others},
        ),
        Surrounded(arguments.models_folder, arguments.vectors, arguments.seed, arguments.code),
        inner=arguments.inner,
        teaches=arguments.teaches,
        rule=RULE,
    )
    learnt, told = trained.learnt, trained.told
    for note in learnt.notes:
        print(note)
    save_system(learnt.system, learnt.points, arguments.model)
    write_table(learnt.tables.predictions, arguments.output)
    write_table(learnt.tables.films, arguments.films)
    write_about(
        arguments.about,
        rule=RULE,
        seconds=time.monotonic() - start,
        packages=told.packages,
        models=told.models,
        notes=[*trained.notes, *told.notes, *learnt.notes],
    )
    trained.kept.remove()


if __name__ == "__main__":
    run(main)
