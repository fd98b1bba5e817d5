"""The progress line in a real pseudo-terminal, whose width changes while the run goes on."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
from pathlib import Path

import pytest
from terminal.toys import Toy

CLEARED = "\r\x1b[K"
# Of four films two are transcribed first; the other two wait until the summaries of those are written.
SNAKEFILE = """
rule all:
    input:
        expand("results/prepare_transcript/{movie}.json", movie=[1, 2, 3, 4]),

rule transcribe_trailer:
    input:
        lambda wildcards: [] if wildcards.movie in "12" else expand("summary/{part}", part=range(6)),
    output:
        "results/transcribe_trailer/{movie}.json",
    shell:
        "touch {output}"

rule translate_transcript:
    input:
        "results/transcribe_trailer/{movie}.json",
    output:
        "results/translate_transcript/{movie}.json",
    shell:
        "touch {output}"

rule prepare_transcript:
    input:
        "results/translate_transcript/{movie}.json",
    output:
        "results/prepare_transcript/{movie}.json",
    shell:
        "touch {output}"

rule summarise_movie:
    input:
        expand("results/prepare_transcript/{movie}.json", movie=[1, 2]),
    output:
        "summary/{part}",
    shell:
        "sleep 2.5; touch {output}"
"""
SIXTEEN = """
rule all:
    input:
        expand("results/find_trailer/{movie}", movie=range(16)),

rule find_trailer:
    output:
        "results/find_trailer/{movie}",
    shell:
        "sleep 1; touch {output}"
"""


class Terminal:
    """A pseudo-terminal of which somebody reads; its width can change."""

    def __init__(self) -> None:
        self._master, self.slave = pty.openpty()
        self.shown = ""
        self._reader = threading.Thread(target=self._read)

    def set_width(self, columns: int) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def run(self, toy: Toy, *options: str) -> None:
        environment = {**toy.environment(), "TERM": "xterm"}
        environment.pop("COLUMNS", None)
        with (toy.folder / "stdout").open("w") as elsewhere:
            process = subprocess.Popen(
                toy.command(*options), cwd=toy.folder, env=environment, stdout=elsewhere, stderr=self.slave
            )
        os.close(self.slave)
        self._reader.start()
        assert process.wait(timeout=120) == 0
        self._reader.join(timeout=10)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65_536)
            except OSError:
                return
            self.shown += data.decode()

    def lines(self) -> list[str]:
        """The progress lines as they stood one after another."""
        parts = self.shown.split(CLEARED)[1:]
        return [part for part in parts if part and "\n" not in part]


@pytest.mark.parametrize(
    ("columns", "form"),
    [
        (80, r"summarise_movie [0-6]/6 \| \d+ of 19 jobs \| \d+ s"),
        (40, r"summarise_movie [0-6]/6 \| \d+/19 jobs \| \d+ s"),
    ],
)
def test_what_runs_stands_in_the_line_and_what_waits_does_not(tmp_path: Path, columns: int, form: str):
    terminal = Terminal()
    terminal.set_width(columns)
    terminal.run(Toy(tmp_path / "toy", SNAKEFILE), "--logger", "trailerflow")
    lines = terminal.lines()
    assert sum(re.fullmatch(form, line) is not None for line in lines) >= 4, terminal.shown
    assert not any("summarise" in line and "transcri" in line for line in lines)
    assert all(len(line) < columns for line in lines)
    assert "19 of 19 jobs done in " in terminal.shown


def test_an_estimate_comes_when_it_means_something(tmp_path: Path):
    """Sixteen jobs of a second, two at a time: nothing in the first five seconds, then what is left of eight."""
    terminal = Terminal()
    terminal.set_width(80)
    terminal.run(Toy(tmp_path / "toy", SIXTEEN), "--logger", "trailerflow")
    early = [line for line in terminal.lines() if re.search(r"jobs \| [0-4] s", line)]
    later = [line for line in terminal.lines() if re.search(r"jobs \| [5-9] s", line)]
    assert early and later, terminal.shown
    assert not any("to go" in line for line in early)
    assert any(re.search(r", about [1-4] s to go$", line) for line in later)
