"""Score the summaries by the ratings of the judge and of people, and say how far raters agree."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.judging.score_ratings import agreement_table, mean_ratings
from trailerflow.program import run
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the ratings, write their means and the raters' agreement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", type=Path, required=True, help="ratings of judge_summaries")
    parser.add_argument("--people", type=Path, required=True, help="ratings of read_ratings")
    parser.add_argument("--claims", type=Path, required=True, help="labels of claims of read_ratings")
    parser.add_argument("--seed", type=int, required=True, help="seed of the bootstrap")
    parser.add_argument("--ratings", type=Path, required=True, help="table of mean ratings to write")
    parser.add_argument("--agreement", type=Path, required=True, help="table of agreement to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    ratings = pd.concat([read_table(arguments.judge), read_table(arguments.people)], ignore_index=True)
    write_table(mean_ratings(ratings, seed=arguments.seed), arguments.ratings)
    claims = read_table(arguments.claims)
    write_table(agreement_table(ratings, claims, seed=arguments.seed), arguments.agreement)
    write_about(
        arguments.about,
        rule="score_ratings",
        seconds=time.monotonic() - start,
        packages=["krippendorff", "scikit-learn", "pandas"],
    )


if __name__ == "__main__":
    run(main)
