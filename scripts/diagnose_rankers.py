"""Diagnose the language models that rank: bias of place and of popularity, echo, unreadable answers, memory and cost."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

import pandas as pd

from trailerflow.llm.prices import prices_of
from trailerflow.program import run
from trailerflow.recommendations.diagnosis.table import NOTES, Scored, diagnose
from trailerflow.tables import read_table, write_about, write_table

MEMORY = ("model", "question", "row_kind", "value")


def main() -> None:
    """Read the rankings and what was found of them before, diagnose, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--splits", type=Path, nargs="*", required=True, help="tables of split_ratings, in a folder a split"
    )
    parser.add_argument(
        "--rankings", type=Path, nargs="*", required=True, help="tables of rank_films of language models"
    )
    parser.add_argument("--metrics", type=Path, required=True, help="figures of all rankers")
    parser.add_argument("--comparisons", type=Path, required=True, help="rankers in pairs")
    parser.add_argument(
        "--memory", type=Path, nargs="*", required=True, help="tables of the memorisation probe, a model each"
    )
    parser.add_argument(
        "--models", type=json.loads, required=True, help="name, kind and prices of each model, as JSON"
    )
    parser.add_argument("--seed", type=int, required=True, help="seed of the bootstrap")
    parser.add_argument("--output", type=Path, required=True, help="table to write")
    parser.add_argument(
        "--by-place", type=Path, required=True, help="how high films are put by place, to write"
    )
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    memory = [read_table(path)[list(MEMORY)] for path in arguments.memory]
    scored = Scored(
        read_table(arguments.metrics),
        read_table(arguments.comparisons),
        pd.concat(memory, ignore_index=True) if memory else pd.DataFrame(columns=list(MEMORY)),
        {entry["name"]: prices_of(entry) for entry in arguments.models},
    )
    table, by_place = diagnose(arguments.splits, arguments.rankings, scored, arguments.seed)
    write_table(table, arguments.output)
    write_table(by_place, arguments.by_place)
    write_about(
        arguments.about,
        rule="diagnose_rankers",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas", "scipy"],
        notes=NOTES,
    )


if __name__ == "__main__":
    run(main)
