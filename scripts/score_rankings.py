"""Score every ranker by each protocol's metrics, beside chance and an oracle, and compare the rankers."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.published import published_rows
from trailerflow.recommendations.breakdowns import break_down
from trailerflow.recommendations.comparisons import compare
from trailerflow.recommendations.later_ratings import without_later_ratings
from trailerflow.recommendations.scored import scored_arms
from trailerflow.recommendations.scoring import NOTES, score_rankings
from trailerflow.recommendations.unranked import unranked
from trailerflow.recommendations.user_figures import user_figures
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the splits and the rankings, score, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--splits", type=Path, nargs="+", required=True, help="tables of split_ratings, in a folder a split"
    )
    parser.add_argument(
        "--rankings", type=Path, nargs="*", required=True, help="tables of rank_films, in a folder a split"
    )
    parser.add_argument("--movies", type=Path, required=True, help="films of the archive")
    parser.add_argument("--people", type=Path, required=True, help="what the archive tells of its users")
    parser.add_argument("--published", type=Path, required=True, help="table of published figures")
    parser.add_argument("--seed", type=int, required=True, help="seed of the bootstrap")
    parser.add_argument("--output", type=Path, required=True, help="table of metrics to write")
    parser.add_argument("--comparisons", type=Path, required=True, help="rankers in pairs, to write")
    parser.add_argument("--breakdowns", type=Path, required=True, help="figures by groups, to write")
    parser.add_argument(
        "--later-ratings", type=Path, required=True, help="rankers without others' later ratings, to write"
    )
    parser.add_argument("--unranked", type=Path, required=True, help="users without an answer, to write")
    parser.add_argument("--users", type=Path, required=True, help="figures of every user, to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    arms = scored_arms(arguments.splits, arguments.rankings, read_table(arguments.movies))
    published = published_rows(arguments.published, "recommendations", {"system": "ranker", "cases": "users"})
    people = read_table(arguments.people)
    write_table(score_rankings(arms, seed=arguments.seed, published=published), arguments.output)
    write_table(compare(arms, arguments.seed), arguments.comparisons)
    write_table(break_down(arms, people, arguments.seed), arguments.breakdowns)
    write_table(without_later_ratings(arms, arguments.seed), arguments.later_ratings)
    write_table(unranked(arguments.rankings), arguments.unranked)
    write_table(user_figures(arms), arguments.users)
    write_about(
        arguments.about,
        rule="score_rankings",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas"],
        notes=NOTES,
    )


if __name__ == "__main__":
    run(main)
