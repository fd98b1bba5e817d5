"""Several processes that ask one hosted model as fast as they are let: ``python -m e2e.askers`` is one of them."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from loopback_llm import Site

from trailerflow.llm.client import Client
from trailerflow.llm.many import ask_many
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Request

ROOT = Path(__file__).parents[2]
WINDOW_SECONDS = 60.0


def ask_in_processes(
    site: Site, folder: Path, *, processes: int, seconds: float, limits: dict[str, int]
) -> list[float]:
    """Let processes ask for some time, with one cache.

    Args:
        site: The service.
        folder: Where their cache lies.
        processes: How many.
        seconds: For how long each asks.
        limits: What the model's entry says of the service's limits.

    Returns:
        When each request arrived at the service, in seconds since the epoch.
    """
    model = {
        "name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 4,
        "base_url": site.address, "limits": limits,
    }  # fmt: skip
    command = [sys.executable, "-m", "e2e.askers", "--model", json.dumps(model), "--folder", str(folder)]
    started = [
        subprocess.Popen([*command, "--name", str(number), "--seconds", str(seconds)], cwd=ROOT / "tests")
        for number in range(processes)
    ]
    for process in started:
        assert process.wait() == 0
    return sorted(entry["time"] for entry in site.journal)


def fullest_window(times: list[float], seconds: float = WINDOW_SECONDS) -> int:
    """Most requests in any stretch of so many seconds."""
    fullest = first = 0
    for last, time_of_last in enumerate(times):
        while times[first] <= time_of_last - seconds:
            first += 1
        fullest = max(fullest, last - first + 1)
    return fullest


def main() -> None:
    """Ask distinct questions until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    arguments = parser.parse_args()
    client = Client(
        LanguageModel.from_settings(json.loads(arguments.model)),
        cache=arguments.folder / "cache",
        run=arguments.folder / f"run{arguments.name}",
        models_folder=arguments.folder,
        threads=1,
    )
    end = time.monotonic() + arguments.seconds

    def ask(number: int) -> Any:
        if time.monotonic() < end:
            return client.ask(Request([{"role": "user", "content": f"{arguments.name} {number}"}], 20))
        return None

    for _ in ask_many(range(100_000), ask, workers=client.model.workers):
        if time.monotonic() > end + 5:
            break


if __name__ == "__main__":
    main()
