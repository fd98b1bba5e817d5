"""Fit one ranker on all ratings of the archive and on the table of feedback, and save it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.program import run
from trailerflow.recommendations.fitting_job import fit_and_save
from trailerflow.recommendations.recommending.own_ratings import with_feedback


def main() -> None:
    """Read the ratings and the feedback, fit, save."""
    fit_and_save("retrain_rankers", __doc__, with_feedback)


if __name__ == "__main__":
    run(main)
