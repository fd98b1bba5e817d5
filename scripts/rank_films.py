"""Rank the films of every question of a split by one ranker: all protocols, parts, folds and seeds.

Each ranker has arguments of its own: --ranker NAME --help tells them. Where it reads summaries, the outcome files of
summarise_movie by one model and way are listed on the standard input.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.recommendations.ranking_job import rank_and_write


def main() -> None:
    """Read the split, rank, write the table; leave a mark where some answers may come later."""
    rank_and_write("rank_films", __doc__)


if __name__ == "__main__":
    run(main)
