"""A toy workflow to run with the logger plugin and without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
PLUGIN = ("--logger", "trailerflow", "--logger-trailerflow-every", "1")
SNAKEFILE = r"""
MOVIES = ["1", "2", "3"]

rule all:
    input:
        expand("results/prepare_transcript/{movie}.json", movie=MOVIES),

rule find_trailer:
    output:
        "results/find_trailer/{movie}.json",
    log:
        "logs/find_trailer/{movie}.log",
    shell:
        "echo trailer > {output}"

rule prepare_transcript:
    input:
        "results/find_trailer/{movie}.json",
    output:
        "results/prepare_transcript/{movie}.json",
    log:
        "logs/prepare_transcript/{movie}.log",
    shell:
        r'''
        sleep {config[seconds]}
        if [ {wildcards.movie} = {config[fails]} ]; then
            echo "The subtitle is cut in half." > {log}
            exit 1
        fi
        echo '{{"status": "ok"}}' > {output}
        '''
"""


class Toy:
    """A toy workflow in a folder of its own."""

    def __init__(self, folder: Path, snakefile: str = SNAKEFILE) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "Snakefile").write_text(snakefile)

    def command(self, *options: str, fails: str = "none", seconds: str = "0") -> list[str]:
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *options]
        return [*command, "--config", f"fails={fails}", f"seconds={seconds}"]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "0"}

    def run(self, *options: str, fails: str = "none", seconds: str = "0") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*options, fails=fails, seconds=seconds),
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
