"""Kill -9 at 20 random moments of the models' stages of the sample: ``python benchmarks/killed_models.py``.

A hosted model on loopback takes some seconds for each answer; its journal says whether anything that had arrived whole was
asked for again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from e2e.killed_models import play  # noqa: E402
from workflow.projects import Workflow  # noqa: E402


def main() -> None:
    """Play the scenario and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--delay", type=float, default=3.0, help="seconds that each answer takes")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = play(
            Workflow(Path(folder, "project")),
            kills=arguments.kills,
            slots=arguments.slots,
            delay=arguments.delay,
            seed=arguments.seed,
        )
    for name, value in vars(found).items():
        print(f"{name:<10} {value}")


if __name__ == "__main__":
    main()
