"""Read the ratings and the labels of claims that people saved from the rating kit."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.judging.read_ratings import read_ratings
from trailerflow.program import run
from trailerflow.tables import write_about, write_table


def main() -> None:
    """Read the files, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--exports", type=Path, nargs="*", required=True, help="files saved from the kit's page"
    )
    parser.add_argument("--key", type=Path, required=True, help="the kit's key")
    parser.add_argument("--ratings", type=Path, required=True, help="table of ratings to write")
    parser.add_argument("--claims", type=Path, required=True, help="table of labels of claims to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    ratings, claims = read_ratings(arguments.exports, json.loads(arguments.key.read_text(encoding="utf-8")))
    write_table(claims, arguments.claims)
    write_table(ratings, arguments.ratings)
    write_about(
        arguments.about,
        rule="read_ratings",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        notes=[
            f"{ratings['rater'].nunique()} people have rated.",
            f"{claims['reader'].nunique()} people have labelled claims.",
        ],
    )


if __name__ == "__main__":
    run(main)
