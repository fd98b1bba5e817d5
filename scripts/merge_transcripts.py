"""Merge the trailer rules' outcomes, whose paths come on standard input, into two tables."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.llm.operation import Operation
from trailerflow.outcome_tables import outcomes_table, work_rows
from trailerflow.outcomes import read_outcome
from trailerflow.program import run
from trailerflow.tables import paths_from_stdin, write_about, write_table
from trailerflow.trailers.transcripts.merge_transcripts import (
    models_used,
    transcripts_table,
    translation_usage,
)


def main() -> None:
    """Read the outcomes, merge, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", type=Path, required=True, help="table of transcripts to write")
    parser.add_argument("--outcomes", type=Path, required=True, help="table of outcomes to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    started = time.perf_counter()
    outcomes = [read_outcome(path) for path in paths_from_stdin()]
    write_table(transcripts_table(outcomes), arguments.transcripts)
    write_table(outcomes_table(outcomes), arguments.outcomes)
    write_about(
        arguments.about,
        rule="merge_transcripts",
        seconds=time.perf_counter() - started,
        packages=["pandas", "pyarrow"],
        models=models_used(outcomes),
        usage=translation_usage(outcomes, Operation.from_environment().run),
        work=work_rows(outcomes),
    )


if __name__ == "__main__":
    run(main)
