"""Score every ranker by MAP, MRR, NDCG and pair accuracy, beside chance and an oracle."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.published import published_rows
from trailerflow.recommendations.scoring import NOTES, score_rankings
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the split and the rankings, score, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=Path, required=True, help="tested users")
    parser.add_argument("--test", type=Path, required=True, help="held-out ratings")
    parser.add_argument("--baselines", type=Path, required=True, help="scores of the baselines")
    parser.add_argument("--llm", type=Path, nargs="*", required=True, help="scores of each language model")
    parser.add_argument("--published", type=Path, required=True, help="table of published figures")
    parser.add_argument("--seed", type=int, required=True, help="seed of the bootstrap")
    parser.add_argument("--output", type=Path, required=True, help="table of metrics to write")
    parser.add_argument("--about", type=Path, required=True, help="note on the table to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    baselines = read_table(arguments.baselines)
    metrics = score_rankings(
        read_table(arguments.users),
        read_table(arguments.test),
        baselines,
        pd.concat([baselines.head(0), *(read_table(path) for path in arguments.llm)], ignore_index=True),
        seed=arguments.seed,
        published=published_rows(
            arguments.published, "recommendations", {"system": "ranker", "cases": "users"}
        ),
    )
    write_table(metrics, arguments.output)
    write_about(
        arguments.about,
        rule="score_rankings",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas"],
        notes=NOTES,
    )


if __name__ == "__main__":
    run(main)
