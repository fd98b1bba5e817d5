"""Rank every tested user's held-out films by popularity and by item nearest neighbours."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from lenskit.parallel import initialize

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.recommendations.baselines import rank_baselines
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the split, rank, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="training ratings")
    parser.add_argument("--test", type=Path, required=True, help="held-out ratings")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads to use")
    parser.add_argument("--output", type=Path, required=True, help="table of scores to write")
    parser.add_argument("--about", type=Path, required=True, help="note on the table to write")
    arguments = parser.parse_args()
    # LensKit takes all cores of the machine unless it is told otherwise before its first work.
    initialize(processes=1, threads=arguments.threads, backend_threads=1)
    start = time.monotonic()
    write_table(rank_baselines(read_table(arguments.train), read_table(arguments.test)), arguments.output)
    write_about(
        arguments.about,
        rule="rank_baselines",
        seconds=time.monotonic() - start,
        packages=["lenskit", "numpy", "pandas"],
    )


if __name__ == "__main__":
    run(main)
