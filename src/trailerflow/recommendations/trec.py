"""Rankings and truth as files of the Text REtrieval Conference, which other tools read (trec_eval, ir_measures, ranx).

A run has a line ``user Q0 film rank score ranker`` for each film that a ranker shows, and qrels have a line ``user 0 film
relevance`` for each held-out film, split at white space. There is a file for each protocol, fold and tie seed, since a user
is asked once in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing
from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.recommendations.ranking_files import ranking_file
from trailerflow.recommendations.split_tables import Key, SplitTables
from trailerflow.recommendations.splits.contract import TEST
from trailerflow.tables import read_rows

_FIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
"""Ids that every reader takes as one word."""

NOTES = (
    "Tools break equal scores in ways of their own; the figures of score_rankings are the mean over their orders.",
    "Relevance is 1 for every held-out film where they are sought among others. Where an order is asked for it is the "
    "rating, or twice the rating where the archive has half stars.",
)


def write_trec(tables: SplitTables, rankings: Sequence[Path], folder: Path) -> list[Path]:
    """Write qrels and runs of the test parts of a split.

    Args:
        tables: The split.
        rankings: Tables of ``rank_films``.
        folder: Folder to write into: ``<protocol>-<fold>-<seed>.qrels`` and ``<protocol>-<fold>-<seed>.<ranker>.run``,
            with a point for the slash in a ranker's name.

    Returns:
        The files, the qrels of a part before its runs.

    Raises:
        TrailerflowError: A table is missing or damaged, or an id is not fit for the format.
    """
    files = []
    for key, protocol, task in _asked(tables):
        place = {"protocol": protocol, **key._asdict()}
        name = f"{protocol}-{key.fold}-{key.seed}"
        truth = tables.read("truth", columns=["user", "movie", "rating"], **place)
        files.append(folder / f"{name}.qrels")
        _write(_qrels(truth, task), files[-1])
        for path in rankings:
            columns = ["user", "movie", "order", "score"]
            rows = read_rows(path, columns=columns, retrieved=True, **place).dropna(subset="score")
            if len(rows):
                ranker = ranking_file(path).ranker
                files.append(folder / f"{name}.{ranker.replace('/', '.')}.run")
                _write(_run(rows, ranker), files[-1])
    return files


def _asked(tables: SplitTables) -> Iterator[tuple[Key, str, str]]:
    """The test parts with what was asked about them."""
    for key in tables.keys:
        if key.part == TEST:
            asked = tables.read("questions", columns=["protocol", "task"], **key._asdict()).drop_duplicates()
            for protocol, task in asked.itertuples(index=False):
                yield key, protocol, task


def _qrels(truth: pd.DataFrame, task: str) -> pd.DataFrame:
    halves = bool((truth["rating"] % 1 != 0).any())
    grades = np.rint(truth["rating"] * (1 + halves)).astype(int)
    return pd.DataFrame(
        {
            "user": truth["user"],
            "zero": 0,
            "movie": truth["movie"],
            "relevance": 1 if task == FIND else grades,
        }
    )


def _run(rows: pd.DataFrame, ranker: str) -> pd.DataFrame:
    ordered = rows.sort_values(["user", "order"], kind="stable")
    rank = ordered.groupby("user", sort=False, observed=True).cumcount() + 1
    columns: Mapping[str, object] = {
        "q0": "Q0",
        "movie": ordered["movie"],
        "rank": rank,
        "score": ordered["score"],
    }
    return pd.DataFrame({"user": ordered["user"], **columns, "ranker": ranker})


def _write(lines: pd.DataFrame, path: Path) -> None:
    for column in ("user", "movie"):
        for name in lines[column].unique():
            if not _FIT.fullmatch(str(name)):
                raise TrailerflowError(
                    f"The {column} {name!r} cannot stand in a file of TREC, which is split at white space; give it an id "
                    "of letters, digits, dots, colons and dashes."
                )
    with replacing(path) as part:
        lines.to_csv(part, sep=" ", header=False, index=False)
