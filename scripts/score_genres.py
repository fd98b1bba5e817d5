"""Score the genres of every system against the catalogue's."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.genres.predictions import read_predictions
from trailerflow.genres.scoring import NOTES, score_genres
from trailerflow.program import run
from trailerflow.published import published_rows
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the predictions and the true genres, score, write the metrics."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run, with their genres")
    parser.add_argument("--split", type=Path, required=True, help="split of the films")
    parser.add_argument(
        "--predictions", type=Path, required=True, nargs="+", help="a table of predictions per system"
    )
    parser.add_argument("--published", type=Path, required=True, help="table of published figures")
    parser.add_argument("--seed", type=int, required=True, help="seed of the bootstrap")
    parser.add_argument("--output", type=Path, required=True, help="table of metrics to write")
    parser.add_argument("--about", type=Path, required=True, help="about of the table to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    metrics = score_genres(
        read_table(arguments.movies),
        read_table(arguments.split),
        [read_predictions(path) for path in arguments.predictions],
        seed=arguments.seed,
        published=published_rows(arguments.published, "genres", {"value": "f1", "cases": "movies"}),
    )
    write_table(metrics, arguments.output)
    write_about(
        arguments.about,
        rule="score_genres",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas"],
        notes=NOTES,
    )


if __name__ == "__main__":
    run(main)
