"""Write a split's truth and rankings as TREC qrels and run files, for other tools."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.recommendations.trec import NOTES, write_trec
from trailerflow.tables import write_about


def main() -> None:
    """Read the split and the rankings, write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, nargs="+", required=True, help="the tables of split_ratings")
    parser.add_argument("--rankings", type=Path, nargs="*", required=True, help="tables of rank_films")
    parser.add_argument("--output", type=Path, required=True, help="folder to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    files = write_trec(SplitTables(arguments.tables), arguments.rankings, arguments.output)
    write_about(
        arguments.about,
        rule="export_rankings",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        notes=[f"{len(files)} files.", *NOTES],
        of=[arguments.output.name],
    )


if __name__ == "__main__":
    run(main)
