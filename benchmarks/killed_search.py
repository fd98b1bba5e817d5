"""A search that is killed in a trial and started again, beside one that was not killed.

``python benchmarks/killed_search.py --data ../shared/data --models-folder resources/models --folder searches``

The report's space on the transcripts of 432 trailers, cut to 32 tokens so that a trial takes a minute; the real MiniLM.
Both searches must end with the same trials, hence with the same best one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
from encoder_films import films_of, folds_of, transcripts
from genre_leak import FOLDS, fresh_search

from trailerflow.genres.report_protocol import PROTOCOL, SETTINGS
from trailerflow.genres.search.spaces import space_of
from trailerflow.program import run
from trailerflow.search.rounds import best_choices
from trailerflow.torch_threads import use_threads

TOKENS = 32
KILLED_IN = 4
"""Trial in which the search is killed, the first being 1."""


def search_whole(arguments: argparse.Namespace) -> pd.DataFrame:
    """The search of one journal, from its start or from where it was killed."""
    use_threads(1)
    table = transcripts(arguments.data)
    settings = replace(SETTINGS, tokens=TOKENS)
    fold = folds_of(table, folds=FOLDS, held_out=0.0, seed=0)
    return fresh_search(films_of(table), fold, settings, arguments.models_folder, arguments.journal)


def begun(journal: Path) -> int:
    """Trials that a journal holds, the running one among them."""
    return journal.read_text().count('"op_code":4,') if journal.exists() else 0


def kill_in_trial(journal: Path) -> None:
    """Run the search in a process of its own, and kill that in the middle of a trial."""
    child = subprocess.Popen([sys.executable, *sys.argv, f"--journal={journal}"])
    while begun(journal) < KILLED_IN:
        if child.poll() is not None:
            raise SystemExit("the search ended before it could be killed")
        time.sleep(0.2)
    time.sleep(5)
    child.kill()
    child.wait()
    print(f"killed with {begun(journal)} trials begun", flush=True)


def main() -> None:
    """Search twice, one of them killed, and say whether the trials are the same."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models-folder", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="folder for the two journals")
    parser.add_argument("--journal", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.journal:
        search_whole(arguments)
        return
    arguments.folder.mkdir(parents=True)
    killed, whole = (arguments.folder / f"{name}.journal" for name in ("killed", "whole"))
    kill_in_trial(killed)
    found = {}
    for name, journal in {"killed": killed, "whole": whole}.items():
        arguments.journal = journal
        found[name] = search_whole(arguments)
        print(
            name, best_choices(found[name], space_of(PROTOCOL)), found[name].to_string(), sep="\n", flush=True
        )
    print("the same trials:", found["killed"].equals(found["whole"]))


if __name__ == "__main__":
    run(main)
