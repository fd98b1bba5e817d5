"""Search for settings of one ranker by Optuna, without a look at the test: a search that was killed goes on.

Each trial is fitted on what precedes the last block before the test, and judged by the ratings of that block. The settings
that are found are written as YAML, which the ``settings`` of a ranker in the configuration may name.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

import yaml

from trailerflow.files import file_sha256, write_text
from trailerflow.program import run
from trailerflow.progress import Progress
from trailerflow.recommendations.ranker_trials import BLOCK, trials_of
from trailerflow.registers import chosen_class
from trailerflow.search.rounds import best_choices, search
from trailerflow.search.space import Space, distribution
from trailerflow.tables import read_table, write_about, write_table

RULE = "search_rankers"


def main() -> None:
    """Read the split, search, write the trials and the best settings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ranker", required=True, help="kind of the ranker")
    parser.add_argument(
        "--settings", type=json.loads, default={}, help="settings that are not searched, as JSON"
    )
    parser.add_argument("--tables", type=Path, nargs="+", required=True, help="the tables of split_ratings")
    parser.add_argument(
        "--side", nargs="*", default=[], metavar="NAME=TABLE", help="tables beside the ratings"
    )
    parser.add_argument(
        "--protocol", required=True, help="what the trials are asked, such as full or temporal"
    )
    parser.add_argument("--trials", type=int, required=True, help="how many settings are tried")
    parser.add_argument("--seed", type=int, required=True, help="seed of the search")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads of a trial")
    parser.add_argument(
        "--code", required=True, help="hash of the code: trials of another version are not taken"
    )
    parser.add_argument("--journal", type=Path, required=True, help="file that the search is kept in")
    parser.add_argument("--best", type=Path, required=True, help="YAML of the best settings to write")
    parser.add_argument("--output", type=Path, required=True, help="table of the trials to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    kind = chosen_class("trailerflow.recommendations.register:RANKERS", arguments.ranker)
    paths = {name: Path(path) for name, _, path in (each.partition("=") for each in arguments.side)}
    side = {name: read_table(path) for name, path in paths.items()}
    trials = trials_of(
        kind, arguments.settings, arguments.tables, arguments.protocol, side, threads=arguments.threads
    )
    searched = {name: each for name, each in kind.space.items() if name not in arguments.settings}
    space = Space({name: distribution(each) for name, each in searched.items()}, arguments.trials)
    inputs = [file_sha256(path) for path in (*arguments.tables, *paths.values())]
    facts = {
        "code": arguments.code,
        "ranker": arguments.ranker,
        "settings": arguments.settings,
        "protocol": arguments.protocol,
        "inputs": inputs,
    }
    progress = Progress(RULE, space.trials, "trials")
    try:
        table = search(
            trials, space, arguments.journal, facts=facts, seed=arguments.seed, advance=progress.advance
        )
    finally:
        progress.close()
    best = {**arguments.settings, **best_choices(table, space)}
    metric, cut = trials.measure.key
    said = (
        f"{arguments.ranker}: {metric}@{cut} of {table['value'].max():.4f} on {BLOCK} of {arguments.protocol}, "
        f"the best of {len(table)} settings."
    )
    write_text(arguments.best, f"# {said}\n{yaml.safe_dump(best, sort_keys=False)}")
    write_table(table, arguments.output)
    write_about(
        arguments.about,
        rule=RULE,
        seconds=time.monotonic() - start,
        packages=("optuna", *kind.packages),
        notes=[said, "The search saw nothing of the test."],
    )


if __name__ == "__main__":
    run(main)
