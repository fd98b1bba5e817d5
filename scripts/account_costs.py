"""Account what the language models of a run were asked, and what that cost."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.costs.account import account_costs, paid_this_run
from trailerflow.costs.energy import joules_per_second
from trailerflow.llm.prices import prices_of
from trailerflow.program import run
from trailerflow.tables import read_about, write_about, write_table

NO_ENERGY = "Energy could not be read on this machine."


def main() -> None:
    """Read the notes of the rules that ask, price them, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abouts", type=Path, nargs="+", required=True, help="notes of the rules that ask")
    parser.add_argument(
        "--models", type=json.loads, required=True, help="name, kind and prices of each model, as JSON"
    )
    parser.add_argument("--energy", type=Path, required=True, help="folder of the servers' energy notes")
    parser.add_argument("--output", type=Path, required=True, help="table to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    energy = joules_per_second(arguments.energy)
    abouts = [read_about(path) for path in arguments.abouts]
    prices = {entry["name"]: prices_of(entry) for entry in arguments.models}
    table = account_costs(abouts, prices=prices, joules_per_second=energy)
    table["price_date"] = table["price_date"].replace("", None)
    write_table(table, arguments.output)
    write_about(
        arguments.about,
        rule="account_costs",
        seconds=time.monotonic() - start,
        packages=["pandas"],
        paid=paid_this_run(abouts, prices),
        notes=[] if energy else [NO_ENERGY],
    )


if __name__ == "__main__":
    run(main)
