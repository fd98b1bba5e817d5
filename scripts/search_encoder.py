"""Search for settings of an encoder for genres: on the training films alone, by Optuna; a search that was killed goes on.

The outcome documents with the texts that it reads are listed on the standard input. The first fold of the split is what
trials are judged on, the other folds are what they are trained on. The held-out films are untouched: the settings before and
after are compared on them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json
from trailerflow.genres.configured import ConfiguredSystem
from trailerflow.genres.films import Training
from trailerflow.genres.search.encoder_trials import EncoderTrials
from trailerflow.genres.search.spaces import SPACES, space_of
from trailerflow.genres.training import Readings, gather_films, reads_of
from trailerflow.program import run
from trailerflow.progress import Progress
from trailerflow.search.rounds import best_choices, search
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table

RULE = "search_encoder"


def main() -> None:
    """Read the films, search, write the trials, the best settings, and what they are worth on untouched films."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run, with their genres")
    parser.add_argument("--split", type=Path, required=True, help="split of the films")
    parser.add_argument("--extra", type=Path, help="table of extra labelled texts")
    parser.add_argument(
        "--system", type=json.loads, required=True, help="entry of genres.systems, as JSON: an encoder"
    )
    parser.add_argument("--space", choices=SPACES, required=True, help="what may be chosen")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--seed", type=int, required=True, help="seed of the search and of every training")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads of all trials together")
    parser.add_argument(
        "--side-by-side", type=int, default=1, help="trials at a time; they are part of what is found"
    )
    parser.add_argument(
        "--code", required=True, help="hash of the code: trials of another version are not taken"
    )
    parser.add_argument("--journal", type=Path, required=True, help="file that the search is kept in")
    parser.add_argument("--output", type=Path, required=True, help="table of the trials to write")
    parser.add_argument("--best", type=Path, required=True, help="JSON of the best settings to write")
    parser.add_argument("--compared", type=Path, required=True, help="table of before and after to write")
    parser.add_argument("--about", type=Path, required=True, help="about of the tables to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    entry, space = ConfiguredSystem.from_entry(arguments.system), space_of(arguments.space)
    split = read_table(arguments.split)
    readings = Readings(
        movies=read_table(arguments.movies),
        split=split,
        documents=paths_from_stdin(),
        extra=read_table(arguments.extra) if arguments.extra else None,
    )
    gathered, extra = gather_films(entry, readings)
    films = gathered.films
    fold = split.set_index("movie").loc[list(films.movies), "fold"].to_numpy(dtype=int)
    held_out = split.set_index("movie").loc[list(films.movies), "held_out"].to_numpy(dtype=bool)
    known = films.at(fold > 0)
    if not (len(known) and (fold == 0).any() and held_out.any()):
        raise TrailerflowError(
            "A search needs films in fold 0, in other folds and held out; set genres.held_out between 0 and 1, and folds."
        )
    trials = EncoderTrials(
        reads=reads_of(entry),
        settings={**entry.own_settings, "epochs": space.epochs},
        models_folder=arguments.models_folder,
        train=Training(known, extra.train),
        validation=films.at(fold == 0),
        seed=arguments.seed,
        threads=max(1, arguments.threads // arguments.side_by_side),
    )
    facts = {
        "code": arguments.code,
        "entry": entry.entry,
        "models": trials.system({}).told().models,
        "films": [part.facts for part in (known, trials.validation, extra.train)],
    }
    progress = Progress(RULE, space.trials, "trials")
    try:
        table = search(
            trials,
            space,
            arguments.journal,
            facts=facts,
            seed=arguments.seed,
            side_by_side=arguments.side_by_side,
            advance=progress.advance,
        )
    finally:
        progress.close()
    best = best_choices(table, space)
    compared = trials.on_untouched({"before": {}, "after": best}, films.at(held_out))
    write_table(compared, arguments.compared)
    write_json(arguments.best, best)
    write_table(table, arguments.output)
    write_about(
        arguments.about,
        rule=RULE,
        seconds=time.monotonic() - start,
        packages=("optuna", *trials.system({}).told().packages),
        models=trials.system({}).told().models,
        notes=[
            f"{len(table)} trials of the space {arguments.space}, {(table['state'] == 'pruned').sum()} of them pruned; the "
            "search saw training films alone."
        ],
    )


if __name__ == "__main__":
    run(main)
