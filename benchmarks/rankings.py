"""Rankers on the splits of an archive, without Snakemake: every figure, and each ranker's time and memory.

    python benchmarks/rankings.py --archive ../shared/data/ml-100k.zip --splits leave_last --output run/rankings

Splits and rankers are those of a file in the form of the configuration's section ``recommendations`` (--settings); one that
the file does not name is taken by its kind. Each job is the program that the workflow runs, in a process of its own: its CPU
seconds, with the imports, and its peak memory stand in costs.csv. A job that is finished is not done again, and one that was
killed goes on with its next part. ``--tie-seeds 0`` and the setting ``ties_by_id`` of a split leave the order of the films'
numbers alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from ranking_texts import TextSource, write_texts

from trailerflow.configuration import CodeHashes
from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256, write_json
from trailerflow.planning.rankings import Rankings, planned_rankings
from trailerflow.program import run
from trailerflow.recommendations.splits.contract import TABLES
from trailerflow.tables import read_table, write_table

ROOT = Path(__file__).resolve().parents[1]
CODE = CodeHashes(ROOT / "scripts", ROOT / "src")
CATALOGUE = ("movies", "ratings", "released", "people")
SCORES = {
    "output": "metrics.csv",
    "comparisons": "comparisons.csv",
    "breakdowns": "breakdowns.csv",
    "later-ratings": "later_ratings.csv",
    "unranked": "unranked.csv",
    "users": "users.parquet",
    "about": "about.json",
}
"""What score_rankings writes, by its arguments."""

COMMON = {"held_out": 5, "history": 10, "llm_users": 0, "seed": 0}
"""What the section of the configuration holds beside splits and rankers, where the file does not say it."""

SHOWN = ("ndcg", "pair_accuracy", "recall")
"""Metrics that are printed; all of them stand in metrics.csv."""

MEGABYTE = 1e6


@dataclass(frozen=True)
class Job:
    """One program of the workflow.

    Attributes:
        program: Name of the script.
        place: Split, and ranker where it ranks.
        arguments: What it is told, without what says where it keeps its parts.
        module: Module that it loads by name.
        inputs: Files that it reads.
        outputs: Files that it writes.
    """

    program: str
    place: tuple[str, ...]
    arguments: Sequence[str]
    module: str
    inputs: Sequence[Path]
    outputs: Sequence[Path]


@dataclass(frozen=True)
class Bench:
    """The jobs of all splits and rankers.

    Attributes:
        folder: Where everything is written.
        rankings: Splits and rankers.
        common: Settings that all splits share, ``tie_seeds`` among them.
        threads: CPU threads of a job.
    """

    folder: Path
    rankings: Rankings
    common: dict[str, Any]
    threads: int

    def jobs(self) -> Iterator[Job]:
        """Jobs in an order in which each has its inputs: splits, rankers, their scores of the pool, those that read them."""
        for split in self.rankings.splits:
            yield self._split(split)
            rankers = self.rankings.rankers_of(split)
            reading = [name for name in rankers if self.rankings.reads(name)]
            yield from (self._rank(split, name) for name in rankers if name not in reading)
            yield from (self._rank(split, name, pool=True) for name in self.rankings.read_in_pool(split))
            yield from (self._rank(split, name) for name in reading)

    def tables(self, split: str) -> list[Path]:
        """The tables of a split."""
        return [self.folder / "split_ratings" / split / f"{name}.parquet" for name in TABLES]

    def ranking(self, split: str, ranker: str, program: str = "rank_films") -> Path:
        """The table of a ranker."""
        return self.folder / program / split / f"{ranker}.parquet"

    def catalogue(self, name: str) -> Path:
        """A table of the archive."""
        return self.folder / "fetch_catalogue" / f"{name}.parquet"

    def _split(self, name: str) -> Job:
        entry = self.rankings.splits[name]
        released = self.rankings.split_classes[name].as_released
        ratings = self.catalogue("released" if released else "ratings")
        outputs = self.tables(name)
        about = outputs[0].with_name("about.json")
        arguments = {
            "split": name,
            "kind": entry.kind,
            "settings": json.dumps(entry.settings),
            "ratings": ratings,
            "archive": self.catalogue("movies"),
            "movies": self.catalogue("movies"),
            **{key.replace("_", "-"): value for key, value in self.common.items()},
            **{path.stem: path for path in outputs},
            "about": about,
        }
        told = [f"--{key}={value}" for key, value in arguments.items()]
        inputs = [ratings, self.catalogue("movies"), *map(Path, entry.files)]
        return Job("split_ratings", (name,), told, self.rankings.place_of_split(name), inputs, outputs)

    def _rank(self, split: str, ranker: str, *, pool: bool = False) -> Job:
        program = "rank_pool" if pool else "rank_films"
        entry, kind = self.rankings.rankers[ranker], self.rankings.ranker_classes[ranker]
        side = {name: self.catalogue("movies" if name == "archive" else name) for name in kind.side}
        read = [] if pool else [self.folder / place for place in self.rankings.scores_read(split, ranker)]
        retrieved = [self.ranking(split, name) for name in self.rankings.read_in_pool(split)] if pool else []
        output = self.ranking(split, ranker, program)
        told = [
            *(f"--ranker={entry.kind}", f"--threads={self.threads}", f"--settings={json.dumps(entry.settings)}"),
            *("--tables", *map(str, self.tables(split))),
            *("--side", *(f"{name}={path}" for name, path in side.items())),
            *("--scores", *map(str, read)) * bool(read),
            *("--test-alone",) * self.rankings.test_alone(split, ranker),
            *("--retrieved", *map(str, retrieved)) * bool(retrieved),
            *("--attempt=0", f"--output={output}", f"--about={output.with_suffix('.about.json')}"),
            *(f"--code={CODE.of(program, kind.__module__)}", f"--kept={self.folder / 'parts' / program / split / ranker}"),
        ]  # fmt: skip
        inputs = [*self.tables(split), *side.values(), *read, *retrieved, *map(Path, entry.files)]
        return Job(program, (split, ranker), told, kind.__module__, inputs, [output])


def do(job: Job, folder: Path) -> dict[str, Any]:
    """Run a job, unless it was finished with the same inputs, settings and code; what it cost.

    Raises:
        TrailerflowError: The program failed; its words stand above.
    """
    mark = folder / "finished" / job.program / f"{'-'.join(job.place)}.json"
    inputs = [file_sha256(path) for path in job.inputs]
    facts = [CODE.of(job.program, job.module), list(job.arguments), inputs]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    if mark.exists() and all(path.exists() for path in job.outputs):
        finished: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
        if finished["key"] == key:
            return finished
    start = time.monotonic()
    command = [sys.executable, str(ROOT / "scripts" / f"{job.program}.py"), *job.arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise TrailerflowError(f"{job.program} of {' and '.join(job.place)} failed; see what it says above.")
    split, ranker = (*job.place, "")[:2]
    cost = {
        "key": key,
        "program": job.program,
        "split": split,
        "ranker": ranker,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "seconds": round(time.monotonic() - start, 1),
        "peak_megabytes": round(used.ru_maxrss * 1024 / MEGABYTE),
    }
    write_json(mark, cost)
    return cost


def read_settings(arguments: argparse.Namespace) -> tuple[Rankings, dict[str, Any]]:
    """The splits and rankers that were asked for, and the settings that all splits share."""
    section: dict[str, Any] = (
        yaml.safe_load(arguments.settings.read_text(encoding="utf-8")) if arguments.settings else {}
    )
    for key in ("splits", "rankers"):
        known = {each if isinstance(each, str) else each["name"]: each for each in section.get(key, [])}
        section[key] = [known.get(name, name) for name in getattr(arguments, key) or known]
    splits = {each if isinstance(each, str) else each["name"] for each in section["splits"]}
    section["rankers"] = [each for entry in section["rankers"] for each in on_splits(entry, splits)]
    common = {key: section.get(key, value) for key, value in COMMON.items()}
    section["language_models"] = []
    return planned_rankings(section, find=ROOT.joinpath), {**common, "tie_seeds": arguments.tie_seeds}


def on_splits(entry: str | dict[str, Any], splits: set[str]) -> list[str | dict[str, Any]]:
    """The entry of a ranker for these splits alone; none where it ranks on others."""
    if isinstance(entry, str) or "splits" not in entry:
        return [entry]
    kept = [name for name in entry["splits"] if name in splits]
    return [{**entry, "splits": kept}] if kept else []


def write_catalogue(archive: str, bench: Bench) -> None:
    """Write the archive's tables."""
    tables = [f"--{name}={bench.catalogue(name)}" for name in CATALOGUE]
    about = bench.catalogue("about").with_suffix(".json")
    downloads = bench.folder / "downloads"
    call("fetch_catalogue", f"--archive={archive}", *tables, f"--downloads={downloads}", f"--about={about}")


def write_scores(bench: Bench) -> pd.DataFrame:
    """Score all rankings; the table of metrics."""
    tables = [path for split in bench.rankings.splits for path in bench.tables(split)]
    call(
        "score_rankings",
        *("--splits", *map(str, tables)),
        *("--rankings", *(str(bench.ranking(*pair)) for pair in bench.rankings.pairs)),
        *(f"--{name}={bench.catalogue(name)}" for name in ("movies", "people")),
        f"--published={ROOT / 'resources/published_figures.csv'}",
        f"--seed={bench.common['seed']}",
        *(f"--{name}={bench.folder / file}" for name, file in SCORES.items()),
    )
    return read_table(bench.folder / SCORES["output"])


def call(program: str, *arguments: str) -> None:
    """Run a program of the workflow.

    Raises:
        TrailerflowError: It failed; its words stand above.
    """
    command = [sys.executable, str(ROOT / "scripts" / f"{program}.py"), *arguments]
    if subprocess.run(command, check=False).returncode:
        raise TrailerflowError(f"{program} failed; see what it says above.")


def shown(metrics: pd.DataFrame, costs: pd.DataFrame) -> str:
    """A line for each ranker and protocol, with what its job cost; the cut-off is the largest one."""
    rows = metrics[metrics["metric"].isin(SHOWN) & metrics["users_set"].eq("all")].fillna({"k": 0})
    place = ["split", "protocol", "ties", "ranker"]
    last = rows.groupby([*place, "metric"])["k"].transform("max") == rows["k"]
    wide = rows[last].pivot_table(index=place, columns="metric", values="value", sort=False)
    spent = costs[costs["program"] == "rank_films"].set_index(["split", "ranker"])
    whole = wide.join(spent[["cpu_seconds", "peak_megabytes"]], on=["split", "ranker"])
    return str(whole.to_string(float_format="{:.4g}".format, na_rep=""))


def main() -> None:
    """Make what is missing, score, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", required=True, help="archive of ratings: a path or a name")
    parser.add_argument("--splits", nargs="+", help="names of splits; without it all of the file")
    parser.add_argument("--rankers", nargs="+", help="names of rankers; without it all of the file")
    parser.add_argument("--settings", type=Path, help="YAML of splits and rankers with their settings")
    parser.add_argument(
        "--texts", type=Path, help="Parquet with texts of films (item_id or movie, and a column of text)"
    )
    parser.add_argument("--text-column", default="plot", help="the column of text")
    parser.add_argument("--models-folder", type=Path, help="fetched models; without it there are no vectors")
    parser.add_argument("--tie-seeds", type=int, default=1, help="orders of the ratings of one second")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of a job")
    parser.add_argument("--output", type=Path, required=True, help="folder to write and to go on with")
    arguments = parser.parse_args()
    rankings, common = read_settings(arguments)
    bench = Bench(arguments.output.resolve(), rankings, common, arguments.threads)
    write_catalogue(arguments.archive, bench)
    source = TextSource(arguments.texts, arguments.text_column, arguments.models_folder)
    write_texts(source, bench.catalogue("movies"), bench.catalogue("movies").parent)
    costs = []
    for job in bench.jobs():
        cost = do(job, bench.folder)
        print(
            *job.place,
            job.program,
            f"{cost['cpu_seconds']} CPU s",
            f"{cost['peak_megabytes']} MB",
            flush=True,
        )
        costs.append(cost)
    spent = pd.DataFrame(costs).drop(columns="key")
    write_table(spent, bench.folder / "costs.csv")
    print(shown(write_scores(bench), spent))


if __name__ == "__main__":
    run(main)
