"""Many processes against one limit of a hosted model, counted at the server: ``python benchmarks/model_pace.py``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from e2e.askers import ask_in_processes, fullest_window  # noqa: E402
from loopback_llm import Site  # noqa: E402


def main() -> None:
    """Ask, and print the fullest minute and the share of the limit that was used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--per-minute", type=int, default=240, help="requests")
    parser.add_argument("--seconds", type=float, default=300)
    arguments = parser.parse_args()
    with Site() as site, tempfile.TemporaryDirectory() as folder:
        times = ask_in_processes(
            site,
            Path(folder),
            processes=arguments.processes,
            seconds=arguments.seconds,
            limits={"requests_per_minute": arguments.per_minute},
        )
    span = times[-1] - times[0]
    allowed = arguments.per_minute * span / 60
    print(
        f"requests at the server             {len(times)} in {span:.1f} s, by {arguments.processes} processes"
    )
    print(f"most in any 60 s                   {fullest_window(times)} of {arguments.per_minute}")
    print(f"share of the limit that was used   {len(times) / allowed:.3f}")


if __name__ == "__main__":
    main()
