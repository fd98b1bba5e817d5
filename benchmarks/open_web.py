"""A run of 200 movies against a YouTube on loopback that pushes back: ``python benchmarks/open_web.py``.

A fifth of the videos have no captions, 5 % of the answers are about another video, 5 % fail in passing, 3 % of the first
candidates are private, the site blocks after 80 videos, and the whole run is killed by kill -9 at 20 random moments.
Printed is what became of the movies and what the site's journal says of the requests.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from e2e.open_web import Scenario  # noqa: E402
from workflow.projects import MODELS, Workflow  # noqa: E402


def main() -> None:
    """Play the scenario and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--block-after", type=int, default=80, help="videos")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--keep", type=Path, help="folder of the project, to be looked at afterwards; none: a temporary one"
    )
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        project = Workflow(arguments.keep or Path(folder, "project"))
        project.run(str(MODELS / "faster-whisper-tiny.en.json"))  # before the web is the loopback one
        scenario = Scenario(
            project.folder,
            movies=arguments.movies,
            kills=arguments.kills,
            block_after=arguments.block_after,
            models=MODELS,
            seed=arguments.seed,
        )
        findings = scenario.play()
    for name, value in vars(findings).items():
        print(f"{name:<14} {len(value) if name == 'kills' else value}")
    print(f"{'seconds':<14} {time.monotonic() - start:.0f}")


if __name__ == "__main__":
    main()
