"""Score every ranker by each protocol's metrics, beside chance and an oracle."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.published import published_rows
from trailerflow.recommendations.judged import judged_protocols
from trailerflow.recommendations.scoring import NOTES, score_rankings
from trailerflow.tables import write_about, write_table


def main() -> None:
    """Read the splits and the rankings, score, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--splits", type=Path, nargs="+", required=True, help="tables of split_ratings, in a folder a split"
    )
    parser.add_argument(
        "--rankings", type=Path, nargs="*", required=True, help="tables of rank_films, in a folder a split"
    )
    parser.add_argument("--published", type=Path, required=True, help="table of published figures")
    parser.add_argument("--seed", type=int, required=True, help="seed of the bootstrap")
    parser.add_argument("--output", type=Path, required=True, help="table of metrics to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    judged = judged_protocols(arguments.splits, arguments.rankings)
    published = published_rows(arguments.published, "recommendations", {"system": "ranker", "cases": "users"})
    write_table(score_rankings(judged, seed=arguments.seed, published=published), arguments.output)
    write_about(
        arguments.about,
        rule="score_rankings",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas"],
        notes=NOTES,
    )


if __name__ == "__main__":
    run(main)
