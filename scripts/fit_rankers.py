"""Fit one ranker on all ratings of the archive and save it, for users and films that come later."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.recommendations.fitting_job import fit_and_save


def main() -> None:
    """Read the ratings, fit, save."""
    fit_and_save("fit_rankers", __doc__)


if __name__ == "__main__":
    run(main)
