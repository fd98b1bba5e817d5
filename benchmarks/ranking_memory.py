"""Memory of a ranking of the whole catalogue: all users of MovieLens-100K, every film that they had not rated.

    python benchmarks/ranking_memory.py ../shared/data/ml-100k.zip [RANKER ...]

Each ranker ranks in a process of its own, as a job does: from the files of a split to the file of a ranking.
The figure is the peak above what the imports take.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from trailerflow.catalogue.frames import archive_tables
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.rank_films import rank_films
from trailerflow.recommendations.register import RANKERS
from trailerflow.recommendations.split_tables import SplitTables, write_split
from trailerflow.recommendations.splits.coding import coded
from trailerflow.recommendations.splits.contract import TABLES
from trailerflow.recommendations.splits.this_run import ThisRun
from trailerflow.registers import chosen_class
from trailerflow.tables import write_table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from made_up.half_users import WholeCatalogue

SETTINGS = Settings(held_out=5, history=10, llm_users=0, seed=0)
MODULES = {"lenskit": ("lenskit.data", "lenskit.knn", "lenskit.parallel")}
"""What is imported of a package that imports its parts when they are used."""

MEGABYTE = 1e6


class ThisRunOfCatalogue(ThisRun):
    """The split, with that question."""

    protocols = (WholeCatalogue(),)


def main() -> None:
    """Make the split once, then let each ranker rank in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path, help="MovieLens archive")
    parser.add_argument("rankers", nargs="*", default=list(RANKERS), help="names of rankers")
    parser.add_argument("--tables", type=Path, help="folder of the split: how the benchmark calls itself")
    arguments = parser.parse_args()
    if arguments.tables:
        rank(arguments.rankers[0], arguments.tables)
        return
    with tempfile.TemporaryDirectory() as folder:
        movies, ratings = archive_tables(arguments.archive)
        parts = ThisRunOfCatalogue().split(coded(ratings, movies), movies, SETTINGS)
        write_split(parts, {name: Path(folder, f"{name}.parquet") for name in TABLES})
        print(
            "| ranker | imports, MB | over them at the peak, MB | CPU s | rows |\n|---|---|---|---|---|",
            flush=True,
        )
        for name in arguments.rankers:
            command = [sys.executable, str(Path(__file__).resolve()), str(arguments.archive.resolve()), name]
            subprocess.run([*command, "--tables", folder], check=True, cwd=folder)


def rank(name: str, folder: Path) -> None:
    """Rank as a job does, and print a line of the table."""
    kind = chosen_class("trailerflow.recommendations.register:RANKERS", name)
    ranker = kind.from_arguments(argparse.Namespace(threads=1))
    for package in kind.packages:
        for module in MODULES.get(package, (package,)):
            importlib.import_module(module)
    imports, start = psutil.Process().memory_info().rss / MEGABYTE, time.process_time()
    table = rank_films(ranker, SplitTables(folder / f"{name}.parquet" for name in TABLES), {})
    write_table(table, folder / "ranking.parquet")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE - imports
    took = time.process_time() - start
    print(f"| {name} | {imports:.0f} | {peak:.0f} | {took:.1f} | {len(table):,} |", flush=True)


if __name__ == "__main__":
    main()
