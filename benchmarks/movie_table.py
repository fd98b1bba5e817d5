"""Reading and checking a table of movies beside the bare ``csv`` module: ``python benchmarks/movie_table.py``.

Snakemake reads the table at every start, and in every job that it starts on a cluster. The bare reading looks at no cell but
the media file's, which it looks up as ours does. In CPU seconds, the least of several turns.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from trailerflow.catalogue import read_movie_table


def bare(table: Path) -> None:
    """The rows, and whether each one's file is there."""
    with open(table, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            (table.parent / row["media"]).is_file()


def cpu_seconds(read: Callable[[Path], object], table: Path) -> float:
    """CPU seconds of one reading."""
    before = time.process_time()
    read(table)
    return time.process_time() - before


def main() -> None:
    """Write a table, read it both ways in turns, print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=int, default=1682)
    parser.add_argument("--turns", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "movies.csv"
        rows = ["id,title,year,genres,trailer,media"]
        for number in range(arguments.movies):
            (table.parent / f"{number}.txt").touch()
            rows.append(f"{number},Film of number {number},1995,Drama|Comedy,,{number}.txt")
        table.write_text("\n".join(rows) + "\n", encoding="utf-8")
        took = [
            (cpu_seconds(read_movie_table, table), cpu_seconds(bare, table)) for _ in range(arguments.turns)
        ]
    ours, theirs = (min(column) for column in zip(*took, strict=True))
    print(
        f"{arguments.movies} movies: {ours * 1000:.0f} ms of CPU, the bare csv module {theirs * 1000:.0f} ms: "
        f"a ratio of {ours / theirs:.2f}"
    )


if __name__ == "__main__":
    main()
