"""What memory and time each rule's jobs take, by Snakemake's ``benchmark:``, beside what the Slurm profile asks for.

    python benchmarks/rule_needs.py --folder run/needs --cores 2 [--configfile mine.yaml] [--target TARGET]

A copy of the workflow runs in the folder: the sample, or what the configuration file says. In it every rule has a
``benchmark:``, and every program an interpreter of its own as on a cluster. The models are those of this checkout. A model's
server counts for the job that started it. The table has the largest memory and the longest time of a rule's jobs, what the
profile asks for at the first attempt, and "too little" where that is less than a job took.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from workflow_copy import copy_workflow

from trailerflow.program import run
from trailerflow.register import RULES

ROOT = Path(__file__).resolve().parents[1]
LOG = re.compile(r'^    log:\n        "logs/(.*)\.log",\n', re.MULTILINE)
MEASURED = "measured"
"""Folder of what ``benchmark:`` writes."""
SERVED = "if workflow.is_main_process:\n"


class Need(NamedTuple):
    """What the jobs of a rule took.

    Attributes:
        jobs: How many there were.
        megabytes: The most memory of one.
        minutes: The longest time of one.
    """

    jobs: int
    megabytes: float
    minutes: float


def with_benchmarks(folder: Path) -> None:
    """Give every rule of a copied workflow a ``benchmark:``, and every program an interpreter of its own."""
    for file in (folder / "rules").glob("*.smk"):
        text = LOG.sub(rf'\g<0>    benchmark:\n        "{MEASURED}/\1.tsv"\n', file.read_text())
        file.write_text(text.replace(SERVED, "if False:\n"))


def needs(folder: Path) -> dict[str, Need]:
    """What the jobs of each rule took, by the rule's name."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for file in folder.rglob("*.tsv"):
        rule = file.relative_to(folder).parts[0].removesuffix(".tsv")
        with open(file, newline="", encoding="utf-8") as lines:
            rows[rule] += list(csv.DictReader(lines, delimiter="\t"))
    return {
        rule: Need(
            len(jobs),
            max(
                (float(job["max_rss"]) for job in jobs if job["max_rss"] not in ("-", "NA")), default=math.nan
            ),
            max(float(job["s"]) for job in jobs) / 60,
        )
        for rule, jobs in rows.items()
    }


def at_first(expression: Any) -> int:
    """What the profile asks for at the first attempt: a number, or ``number * attempt``."""
    return int(str(expression).partition("*")[0])


def table(found: dict[str, Need], profile: dict[str, Any]) -> str:
    """The needs in the order of the data, beside the profile's."""
    lines = [
        "| rule | jobs | most MB | asked, MB | longest, min | asked, min | |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in [rule.name for rule in RULES if rule.name in found]:
        need, asked = found[name], {**profile["default-resources"], **profile["set-resources"].get(name, {})}
        megabytes, minutes = at_first(asked["mem_mb"]), at_first(asked["runtime"])
        little = need.megabytes > megabytes or need.minutes > minutes
        lines.append(
            f"| {name} | {need.jobs} | {need.megabytes:.0f} | {megabytes} | {need.minutes:.1f} | {minutes} | "
            f"{'too little' if little else ''} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Copy, run, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True, help="new folder to run in")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--configfile", type=Path, help="configuration of another catalogue")
    parser.add_argument("--target", default="all")
    arguments = parser.parse_args()
    folder = arguments.folder
    copy_workflow(folder, changed=("rules",))
    with_benchmarks(folder)
    command = [
        sys.executable, "-m", "snakemake", "--cores", str(arguments.cores),
        *(["--configfile", str(arguments.configfile.absolute())] if arguments.configfile else []),
        "--", arguments.target,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(folder.absolute() / "src")}
    subprocess.run(command, cwd=folder, env=environment, check=True)
    profile = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text(encoding="utf-8"))
    print(table(needs(folder / MEASURED), profile))


if __name__ == "__main__":
    run(main)
