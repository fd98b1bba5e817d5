"""Audit every split for what its test lets a ranker know: one table of shares with a light each."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

import pandas as pd

from trailerflow.program import run
from trailerflow.recommendations.audit import audit_split
from trailerflow.recommendations.split_tables import stored_splits
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the splits and the archive, audit, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--splits", type=Path, nargs="+", required=True, help="tables of split_ratings, in a folder a split"
    )
    parser.add_argument("--archive", type=Path, required=True, help="movies of the whole archive")
    parser.add_argument("--ratings", type=Path, required=True, help="ratings of the whole archive")
    parser.add_argument("--output", type=Path, required=True, help="table of the audit to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    films = read_table(arguments.archive, ["movie", "duplicate_of"])
    users = read_table(arguments.ratings, ["user"])["user"].nunique()
    found = [
        audit_split(name, split, films, users) for name, split in stored_splits(arguments.splits).items()
    ]
    write_table(pd.concat(found, ignore_index=True), arguments.output)
    write_about(
        arguments.about,
        rule="audit_splits",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas"],
    )


if __name__ == "__main__":
    run(main)
