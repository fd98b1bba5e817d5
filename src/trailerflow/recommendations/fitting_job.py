"""The job that fits a ranker on all ratings and saves it: arguments, inputs and outputs."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.saved import REGISTER, save_ranker
from trailerflow.recommendations.splits.coding import coded
from trailerflow.registers import chosen_class
from trailerflow.tables import read_table, write_about

More = Callable[[pd.DataFrame, pd.DataFrame, Path], tuple[pd.DataFrame, list[str]]]
"""Joins a file of further ratings to an archive's ratings, whose films are told too; with notes for the reader."""


def fit_and_save(rule: str, description: str | None, more: More | None = None) -> None:
    """Read the ratings, fit one ranker on all of them, save it.

    Args:
        rule: ``fit_rankers`` or ``retrain_rankers``.
        description: What the program says of itself.
        more: Reads ratings beside the archive's, from the file of ``--feedback``.

    Raises:
        TrailerflowError: An input is missing or damaged, or there is no such ranker.
    """
    start = time.monotonic()
    arguments = _arguments(description, has_more=more is not None)
    kind: type[Ranker] = chosen_class(REGISTER, arguments.kind)
    ranker = kind(arguments.settings, threads=arguments.threads)
    side = {name: read_table(path) for name, _, path in (each.partition("=") for each in arguments.side)}
    ratings, archive, notes = read_table(arguments.ratings), read_table(arguments.archive), list[str]()
    if more is not None:
        ratings, notes = more(ratings, archive, arguments.feedback)
    train = coded(ratings, archive)
    counts = {
        "users": int(train["user"].nunique()),
        "films": len(train["movie"].cat.categories),
        "ratings": len(train),
    }
    about = {"name": arguments.name, "kind": arguments.kind, "settings": ranker.settings, **counts}
    save_ranker(ranker.fit(train, train.head(0), side), about, arguments.output)
    write_about(
        arguments.about,
        rule=rule,
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas", *kind.packages],
        notes=["{name}: {ratings:,} ratings of {users:,} users, {films:,} films.".format(**about), *notes],
        of=[arguments.name],
    )


def _arguments(description: str | None, *, has_more: bool) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--name", required=True, help="name of the ranker in the configuration")
    parser.add_argument("--kind", required=True, help="kind of the ranker")
    parser.add_argument("--settings", type=json.loads, required=True, help="its settings, as JSON")
    parser.add_argument("--ratings", type=Path, required=True, help="the ratings that count")
    if has_more:
        parser.add_argument("--feedback", type=Path, required=True, help="CSV of ratings that count too")
    parser.add_argument("--archive", type=Path, required=True, help="the films of the archive")
    parser.add_argument(
        "--side", nargs="*", default=[], metavar="NAME=TABLE", help="tables beside the ratings"
    )
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument("--output", type=Path, required=True, help="folder of the saved ranker to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    return parser.parse_args()
