"""Rank the films of every question of a split by one ranker: all protocols, parts, folds and seeds.

Each ranker has arguments of its own: --ranker NAME --help tells them. Where it reads summaries, the outcome files of
summarise_movie by one model and prompt are listed on the standard input.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.files import file_sha256
from trailerflow.kept_parts import KeptParts
from trailerflow.outcome_tables import data_of_outcomes
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.program import run
from trailerflow.recommendations.rank_films import rank_films
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.registers import chosen_class
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table


def main() -> None:
    """Read the split, rank, write the table; leave a mark where some answers may come later."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("--ranker", required=True, help="name of the ranker")
    kind: type[Ranker] = chosen_class(
        "trailerflow.recommendations.register:ALL_RANKERS", parser.parse_known_args()[0].ranker
    )
    parser.add_argument("--help", action="help", help="show these arguments and stop")
    parser.add_argument("--tables", type=Path, nargs="+", required=True, help="the tables of split_ratings")
    parser.add_argument(
        "--side", nargs="*", default=[], metavar="NAME=TABLE", help="tables beside the ratings"
    )
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--kept", type=Path, required=True, help="folder of finished parts")
    parser.add_argument("--code", required=True, help="hash of the code: parts of another are not used")
    parser.add_argument("--output", type=Path, required=True, help="table of scores to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    kind.add_arguments(parser)
    arguments = parser.parse_args()
    start = time.monotonic()
    paths = {name: Path(path) for name, _, path in (each.partition("=") for each in arguments.side)}
    inputs = {str(path): file_sha256(path) for path in [*arguments.tables, *paths.values()]}
    kept = KeptParts(arguments.kept, {"code": arguments.code, "ranker": arguments.ranker, "inputs": inputs})
    side = {name: read_table(path) for name, path in paths.items()}
    if "summaries" in kind.side:
        side["summaries"] = data_of_outcomes(paths_from_stdin(), ["summary"])
    ranker = kind.from_arguments(arguments)
    table = rank_films(ranker, SplitTables(arguments.tables), side, kept=kept)
    later = table.loc[table["status"] == "later"]
    leave_mark_for_rows(arguments.output, arguments.attempt, later.get("earliest", later["status"]))
    write_table(table, arguments.output)
    kept.remove()
    write_about(
        arguments.about,
        rule="rank_films",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas", *kind.packages],
        of=[arguments.output.parent.name, arguments.output.stem],
        notes=[f"{count} films are {status}." for status, count in table["status"].value_counts().items()],
        **ranker.about(),
    )


if __name__ == "__main__":
    run(main)
