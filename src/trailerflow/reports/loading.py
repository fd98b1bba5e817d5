"""The files of a run, read once for all parts of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.register import in_order_of_data
from trailerflow.reports.section import Reader, empty_table, wildcards_of
from trailerflow.reports.wanted import values_in
from trailerflow.tables import read_about, read_table

_ABOUT = "about.json"


def named_paths(lines: Iterable[str]) -> dict[str, Path]:
    """Files by their names.

    Args:
        lines: A file each: its name, which is its place below ``results/``, an equals sign and its path.

    >>> named_paths(["score_genres/metrics.csv=results/score_genres/metrics.csv"])["score_genres/metrics.csv"].name
    'metrics.csv'
    """
    pairs = (line.rstrip("\n").partition("=") for line in lines)
    return {name: Path(path) for name, _, path in pairs}


def load_tables(readers: Iterable[type[Reader]], files: Mapping[str, Path]) -> dict[str, pd.DataFrame]:
    """The tables that some parts of the page read, by their places below ``results/``, wildcards included.

    Args:
        readers: The parts.
        files: All files of the page by their names, which are places with wildcards filled in.

    Returns:
        Tables of the columns that any part reads of them. What stands for a wildcard is a column, where the files
        have none of its name.

    Raises:
        TrailerflowError: A file is missing or damaged, or a table with rows lacks a column; a file is not in the list.
    """
    columns: dict[str, dict[str, None]] = {}
    for reader in readers:
        for reads in reader.reads().values():
            columns.setdefault(reads.path, {}).update(dict.fromkeys(reads.columns))
    places = {name: _place_of(name, columns) for name in files}
    return {
        place: _together(
            place, tuple(wanted), {name: path for name, path in files.items() if places[name] == place}
        )
        for place, wanted in columns.items()
    }


def _place_of(name: str, places: Iterable[str]) -> str | None:
    """The place that a file is of: the one with the fewest wildcards, since a wildcard may stand for any folder."""
    fitting = [place for place in places if values_in(place, name) is not None]
    return min(fitting, key=lambda place: len(wildcards_of(place)), default=None)


def load_abouts(files: Mapping[str, Path]) -> tuple[dict[str, Any], ...]:
    """How the tables were made, of every ``about.json`` among the files, in the order of the data.

    Raises:
        TrailerflowError: One is missing or damaged.
    """
    abouts = (read_about(path) for name, path in files.items() if name.endswith(_ABOUT))
    return tuple(sorted(abouts, key=lambda about: in_order_of_data(about["rule"])))


def checked(frame: pd.DataFrame, columns: tuple[str, ...], path: Path) -> pd.DataFrame:
    """These columns of a table; an empty one may lack them.

    Raises:
        TrailerflowError: A table with rows lacks a column.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing and len(frame):
        raise TrailerflowError(f"{path} lacks the column {missing[0]}; delete it and run snakemake again.")
    return frame.reindex(columns=list(columns))


def _together(place: str, columns: tuple[str, ...], files: Mapping[str, Path]) -> pd.DataFrame:
    """The tables of a place below each other; empty ones are left out, as their columns have no type."""
    if not wildcards_of(place) and place not in files:
        raise TrailerflowError(f"the list of files for the page lacks {place}.")
    filled = []
    for name, path in files.items():
        values = values_in(place, name)
        if values is None:
            continue
        frame = read_table(path, columns)
        lacking = {column: value for column, value in values.items() if column not in frame.columns}
        frame = checked(frame.assign(**lacking), columns, path)
        if len(frame):
            filled.append(frame)
    return pd.concat(filled, ignore_index=True) if filled else empty_table(columns)
