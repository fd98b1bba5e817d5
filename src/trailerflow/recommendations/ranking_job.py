"""The job of one ranker on one split, of the first pass or of the second: arguments, inputs and outputs."""

from __future__ import annotations

import argparse
import json
import time
from functools import partial
from pathlib import Path

from trailerflow.files import file_sha256
from trailerflow.kept_parts import KeptParts
from trailerflow.outcome_tables import data_of_outcomes
from trailerflow.outcomes import leave_mark_for_rows
from trailerflow.recommendations.pools import retrieved_films, scores_of_rankers
from trailerflow.recommendations.predicted_genres import predicted_genres
from trailerflow.recommendations.rank_films import rank_films
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.ranking_files import SECOND_PASS, ranking_file
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.registers import chosen_class
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table

PREDICTED = "predicted_genres"
"""The table beside the ratings that comes as ``predict_genres`` writes it."""

TEXT_COLUMNS = {"summaries": "summary", "synopses": "text"}
"""Tables beside the ratings that are made of outcome documents, listed on the standard input, with the column of the text.
A ranker reads one of them at most."""


def rank_and_write(rule: str, description: str | None) -> None:
    """Read the split, rank, write the table; leave a mark where some answers may come later.

    Args:
        rule: ``rank_films``, or ``rank_pool`` for the second pass.
        description: What the program says of itself.

    Raises:
        TrailerflowError: An input is missing or damaged, or there is no such ranker.
    """
    start = time.monotonic()
    kind, arguments = _arguments(description, second_pass=rule == SECOND_PASS)
    paths = {name: Path(path) for name, _, path in (each.partition("=") for each in arguments.side)}
    files = [*arguments.tables, *paths.values(), *arguments.scores, *arguments.retrieved]
    inputs = {str(path): file_sha256(path) for path in files}
    settings = json.dumps(getattr(arguments, "settings", None), sort_keys=True)
    facts = {"code": arguments.code, "ranker": arguments.ranker, "settings": settings, "inputs": inputs}
    kept = KeptParts(arguments.kept, facts)
    side = {name: read_table(path) for name, path in paths.items()}
    if PREDICTED in side:
        side[PREDICTED] = predicted_genres(side[PREDICTED])
    ranker = kind.from_arguments(arguments)
    for name in kind.side_of(ranker.settings):
        if name in TEXT_COLUMNS:
            side[name] = data_of_outcomes(paths_from_stdin(), [TEXT_COLUMNS[name]])
    table = rank_films(
        ranker,
        SplitTables(arguments.tables),
        side,
        kept=kept,
        pool=partial(retrieved_films, arguments.retrieved) if arguments.retrieved else None,
        scores=partial(scores_of_rankers, arguments.scores) if arguments.scores else None,
        test_alone=arguments.test_alone,
    )
    about = ranker.about()
    place = ranking_file(arguments.output)
    # Several rankers may ask with one prompt: their costs are told by their names.
    about["usage"] = [{**row, "prompt": place.ranker.partition("/")[2]} for row in about.get("usage", ())]
    counts = table["status"].value_counts()
    later = table.loc[table["status"] == "later"]
    leave_mark_for_rows(arguments.output, arguments.attempt, later.get("earliest", later["status"]))
    write_table(table, arguments.output)
    kept.remove()
    write_about(
        arguments.about,
        rule=rule,
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas", *kind.packages],
        of=[*place],
        notes=[
            *(f"{count} films are {status}." for status, count in counts.items()),
            *about.pop("notes", ()),
        ],
        **about,
    )


def _arguments(description: str | None, *, second_pass: bool) -> tuple[type[Ranker], argparse.Namespace]:
    """The class of the ranker, and the arguments: those of every ranker, and its own."""
    parser = argparse.ArgumentParser(description=description, add_help=False)
    parser.add_argument("--ranker", required=True, help="kind of the ranker")
    kind: type[Ranker] = chosen_class(
        "trailerflow.recommendations.register:ALL_RANKERS", parser.parse_known_args()[0].ranker
    )
    parser.add_argument("--help", action="help", help="show these arguments and stop")
    parser.add_argument("--tables", type=Path, nargs="+", required=True, help="the tables of split_ratings")
    parser.add_argument(
        "--side", nargs="*", default=[], metavar="NAME=TABLE", help="tables beside the ratings"
    )
    parser.add_argument(
        "--retrieved", type=Path, nargs="+", default=[], required=second_pass,
        help="tables of rank_films, of which the union is ranked in place of a catalogue",
    )  # fmt: skip
    parser.add_argument(
        "--scores", type=Path, nargs="+", default=[],
        help="tables of rank_pool or rank_films, by the rankers that this one reads",
    )  # fmt: skip
    parser.add_argument(
        "--test-alone", action="store_true", help="rank for the test, and not for the blocks before it"
    )
    parser.add_argument("--attempt", type=int, required=True, help="number of this attempt, 0 for the first")
    parser.add_argument("--kept", type=Path, required=True, help="folder of finished parts")
    parser.add_argument("--code", required=True, help="hash of the code: parts of another are not used")
    parser.add_argument("--output", type=Path, required=True, help="table of scores to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    kind.add_arguments(parser)
    return kind, parser.parse_args()
