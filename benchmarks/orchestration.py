"""What Snakemake's work on our graph costs beside a bare Snakemake workflow of its shape, and what the real commands cost.

    python benchmarks/orchestration.py --films 1682 --movies movie_ids.parquet --transcripts trailer_transcripts.parquet

Workflows make the six outcomes of a film's trailer, and the tables of all films, one after the other:

- toy: six bare rules and a merge with the edges of ours, each a `cp`; no parameter, no resource, no log;
- touch: our rules, every command of which is replaced by the same `cp`;
- real: our rules as they are, with the transcripts as the films' own files;
- silent, spoken: the same on the films without and with a transcript alone.

Each is run, and run once more with nothing to do. `loop` is the work of `real` without Snakemake (`trailer_loop.py`). More
films than the table has are made up: each row once more under another id and title. CPU seconds are user and system time of
Snakemake and of all that it started, in one run of this program. They are told by part: of Snakemake's own process (in
`loop` the loop's); of the shells with what they start (`cp`, or `served.py`, which hands a program to the warm interpreter);
and of that interpreter with its forks. Memory is the largest of any one process.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml
from workflow_copy import ROOT, copy_workflow

from trailerflow.outcomes import Outcome, write_outcome
from trailerflow.register import BY_NAME, STAGES
from trailerflow.tables import read_table

RULES = [name for name in STAGES["trailers"] if BY_NAME[name].chain]
READ_TOO = {"fetch_audio": "find_trailer", "transcribe_trailer": "fetch_captions"}
"""What a rule reads beside the outcome of the rule before it."""
KINDS = ("toy", "touch", "real", "silent", "spoken", "loop")
ABSENT = "absent.json"
PR_SET_CHILD_SUBREAPER = 36

TOY = """
FILMS = open("films.txt").read().split()

rule all:
    input: "results/merge.txt"
"""
TOY_RULE = """
rule {name}:
    input: {before}
    output: "results/{name}/{{film}}.json"
    shell: "cp absent.json {{output}}"
"""
TOY_MERGE = """
rule merge:
    input: expand("results/{{rule}}/{{film}}.json", rule={rules}, film=FILMS)
    output: "results/merge.txt"
    shell: "cp absent.json {{output}}"
"""
SHELL = re.compile(r'(    shell:\n(?:        #.*\n)*        r?""")(.*?)(""")', re.DOTALL)


@dataclass(frozen=True)
class Cost:
    """What a run took.

    Attributes:
        seconds: Wall time.
        own: CPU seconds of the command's own process.
        shells: CPU seconds of what it started and waited for.
        servers: CPU seconds of what stayed for a while after it.
        megabytes: Memory of its largest process.
    """

    seconds: float
    own: float
    shells: float
    servers: float
    megabytes: float

    @property
    def cpu(self) -> float:
        """CPU seconds in all."""
        return self.own + self.shells + self.servers


def snakemake(target: str) -> list[str]:
    """Snakemake's command, with our profile."""
    return [
        sys.executable, "-m", "snakemake", "--cores", "2", "--quiet", "all", "--workflow-profile", "profiles/default",
        "--", target,
    ]  # fmt: skip


def measured(folder: Path, command: list[str]) -> Cost:
    """Run a command in a folder.

    Raises:
        CalledProcessError: It failed.
    """
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "HOME": str(folder)}
    os.sync()  # what is still to be written is not this run's
    start = time.monotonic()
    with open(folder / "log.txt", "ab") as log:
        run = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        os.waitid(os.P_PID, run.pid, os.WEXITED | os.WNOWAIT)
        own = own_seconds(run.pid)
        _, status, usage = os.wait4(run.pid, 0)
    seconds, servers = time.monotonic() - start, 0.0
    if status:
        raise subprocess.CalledProcessError(status, command)
    with suppress(ChildProcessError):
        while True:  # the server of programs, which leaves after the run
            _, _, left = os.wait3(0)
            servers += left.ru_utime + left.ru_stime
    return Cost(seconds, own, usage.ru_utime + usage.ru_stime - own, servers, usage.ru_maxrss / 1024)


def own_seconds(process: int) -> float:
    """CPU seconds of a process without those of its children, by the kernel's count in hundredths.

    Args:
        process: Number of a process that has ended and was not waited for yet.
    """
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    user, system = after_name[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def make_toy(folder: Path, films: list[str]) -> None:
    """Six bare rules a film and a merge."""
    folder.mkdir()
    (folder / "films.txt").write_text("\n".join(films))
    rules = []
    for place, name in enumerate(RULES):
        read = [RULES[place - 1], READ_TOO.get(name)] if place else []
        before = ", ".join(f'"results/{rule}/{{film}}.json"' for rule in read if rule)
        rules.append(TOY_RULE.format(name=name, before=before or "[]"))
    (folder / "Snakefile").write_text("".join([TOY, *rules, TOY_MERGE.format(rules=RULES)]))
    shutil.copytree(ROOT / "profiles", folder / "profiles")
    (folder / "src").symlink_to(ROOT / "src")


def make_ours(folder: Path, table: pd.DataFrame, transcripts: pd.DataFrame, *, real: bool) -> None:
    """Our workflow on these films; not real: with every command replaced."""
    copy_workflow(folder, changed=("config.yaml",) if real else ("config.yaml", "rules"))
    if not real:
        for file in (folder / "rules").glob("*.smk"):
            file.write_text(
                SHELL.sub(r"\1for made in {output:q}; do cp absent.json $made; done\3", file.read_text())
            )
    table.to_csv(folder / "movies.csv", index=False)
    (folder / "media").mkdir()
    for row in transcripts.itertuples():
        (folder / "media" / f"{row.item_id}.txt").write_text(row.transcript or "")
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    config["catalogue"] = {"movies": "movies.csv", "archive": None}
    config["trailers"] |= {"media": "media", "sources": []}
    (folder / "config.yaml").write_text(yaml.safe_dump(config))


def enlarged(table: pd.DataFrame, transcripts: pd.DataFrame, films: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As many films as are wanted: rows past the table's are made up of it, with another id and title.

    Args:
        table: Columns id, title and year.
        transcripts: Columns item_id and transcript.
        films: How many.
    """
    step = int(table["id"].max())
    shifts = [step * number for number in range(-(-films // len(table)))]
    tables = [table.assign(id=table["id"] + shift) for shift in shifts]
    for number, more in enumerate(tables[1:], start=2):
        more["title"] += f" {number}"
    spoken = [transcripts.assign(item_id=transcripts["item_id"] + shift) for shift in shifts]
    table = pd.concat(tables).head(films)
    transcripts = pd.concat(spoken)
    return table, transcripts[transcripts["item_id"].isin(table["id"])]


def make(name: str, folder: Path, table: pd.DataFrame, transcripts: pd.DataFrame) -> list[str]:
    """Make the folder of a workflow, and give the command that runs it."""
    if name == "toy":
        make_toy(folder, [str(one) for one in table["id"]])
    else:
        make_ours(folder, table, transcripts, real=name != "touch")
    write_outcome(Outcome.absent("find_trailer", "1", "made for a measurement"), folder / ABSENT, 0)
    if name == "loop":
        return [sys.executable, str(ROOT / "benchmarks/trailer_loop.py"), "movies.csv", "media", "results"]
    return snakemake(
        "results/merge.txt" if name == "toy" else "results/merge_transcripts/transcripts.parquet"
    )


def main() -> None:
    """Make each, run it twice, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--films", type=int, default=1682)
    parser.add_argument("--movies", type=Path, required=True, help="item_id, clean_title, year")
    parser.add_argument("--transcripts", type=Path, required=True, help="item_id, transcript")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS)
    arguments = parser.parse_args()
    # What a run leaves behind becomes ours, and is counted.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    movies = read_table(arguments.movies).sort_values("item_id")
    table = pd.DataFrame(
        {"id": movies["item_id"], "title": movies["clean_title"].fillna("Unknown"), "year": movies["year"]}
    )
    table, transcripts = enlarged(table, read_table(arguments.transcripts), arguments.films)
    has_words = table["id"].isin(transcripts["item_id"])
    print(f"{len(table)} films, {has_words.sum()} with a transcript\n", flush=True)
    print(
        "| workflow | jobs of films | run, s | CPU s | CPU ms a job | of Snakemake | of shells | of the interpreter | MB "
        "| nothing to do, CPU s | files |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    # All folders stay until the end: a file system is slower for a while after thousands of files were deleted.
    with tempfile.TemporaryDirectory() as place:
        for name in arguments.only:
            folder = Path(place) / name
            films = {"silent": table[~has_words], "spoken": table[has_words]}.get(name, table)
            texts = transcripts[transcripts["item_id"].isin(films["id"])]
            command = make(name, folder, films, texts)
            run = measured(folder, command)
            again = f"{measured(folder, command).cpu:.1f}" if name != "loop" else ""
            files = sum(path.is_file() for path in folder.rglob("*") if not path.is_symlink())
            jobs, given = len(RULES) * len(films), 0 if name == "toy" else len(texts)
            parts = (run.cpu, run.own, run.shells, run.servers)
            milliseconds = " | ".join(f"{part / jobs * 1000:.1f}" for part in parts)
            print(
                f"| {name} | {jobs} | {run.seconds:.0f} | {run.cpu:.0f} | {milliseconds} | {run.megabytes:.0f} "
                f"| {again} | {files - given} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
