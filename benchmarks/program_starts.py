"""What the start of each per-movie program costs, beside bare Python's: ``python benchmarks/program_starts.py``.

A run starts them thousands of times. In CPU seconds with ``--help``, the least of several turns.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path

from trailerflow.register import OUTCOMES

ROOT = Path(__file__).parents[1]


def cpu_seconds(*command: str) -> float:
    """CPU seconds of Python with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Start all in turns and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=20)
    turns = range(parser.parse_args().turns)
    commands = {"bare Python": ("-c", "pass")} | {
        program: (f"scripts/{program}.py", "--help") for program in OUTCOMES
    }
    took = [{name: cpu_seconds(*command) for name, command in commands.items()} for _ in turns]
    least = {name: min(turn[name] for turn in took) for name in commands}
    print("| program | CPU s | times bare Python |")
    print("|---|---|---|")
    for name, seconds in least.items():
        print(f"| {name} | {seconds:.3f} | {seconds / least['bare Python']:.1f} |")


if __name__ == "__main__":
    main()
