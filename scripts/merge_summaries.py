"""Put the summaries and the reference synopses of all movies into tables.

The outcome files of summarise_movie and fetch_synopsis are listed on the standard input.
"""

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
from trailerflow.summaries.merge_summaries import (
    claims_table,
    models_of,
    summaries_table,
    synopses_table,
    usage_of_outcomes,
)
from trailerflow.tables import paths_from_stdin, write_about, write_table


def main() -> None:
    """Read the outcomes, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--summaries", type=Path, required=True, help="table of summaries to write")
    parser.add_argument(
        "--claims", type=Path, required=True, help="table of the claims of checked summaries to write"
    )
    parser.add_argument("--synopses", type=Path, required=True, help="table of synopses to write")
    parser.add_argument("--outcomes", type=Path, required=True, help="table of outcomes to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    outcomes = [read_outcome(path) for path in paths_from_stdin()]
    write_table(summaries_table(outcomes), arguments.summaries)
    write_table(claims_table(outcomes), arguments.claims)
    write_table(synopses_table(outcomes), arguments.synopses)
    write_table(outcomes_table(outcomes), arguments.outcomes)
    write_about(
        arguments.about,
        rule="merge_summaries",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        models=models_of(outcomes),
        usage=usage_of_outcomes(outcomes, Operation.from_environment().run),
        work=work_rows(outcomes),
    )


if __name__ == "__main__":
    run(main)
