"""Published figures, to stand beside those of a run: one table for all stages, and its one reader."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.row_kinds import PUBLISHED

_ALWAYS = ("stage", "system", "metric", "value", "cases", "source")
_WHERE = ("prompt", "part", "protocol", "users_set", "label", "statistic", "k", "note")
_WHOLE = ("k", "cases")


def published_rows(path: Path, stage: str, names: Mapping[str, str]) -> list[dict[str, object]]:
    """The published figures of one stage as rows of its table of metrics.

    Args:
        path: The table: stage, system (the row's name), where the figure holds (prompt, part, protocol, users_set, label,
            k), metric and statistic, value, cases (films or users that it was measured on), note and source.
        stage: The stage whose figures are wanted.
        names: What the stage's own table calls some of these columns, such as ``{"cases": "users"}``.

    Returns:
        The rows in the table's order, each with its ``row_kind`` and without the cells that are empty. ``value`` is a
        float, ``k`` and ``cases`` are whole numbers; stage and source are left out.

    Raises:
        TrailerflowError: The table is missing, has other columns, or a row lacks a cell or has no number where one
            must be.
    """
    rows = []
    for row in _rows(path, stage):
        cells = {name: row[name] for name in (*_ALWAYS[1:-1], *_WHERE) if name in row}
        rows.append({"row_kind": PUBLISHED} | {names.get(name, name): value for name, value in cells.items()})
    return rows


def published_hash(path: Path, stage: str) -> str:
    """Hash of one stage's figures, so that another stage's reruns nothing of it.

    Raises:
        TrailerflowError: As `published_rows`.
    """
    return hashlib.sha256(json.dumps(_rows(path, stage)).encode()).hexdigest()[:16]


def _rows(path: Path, stage: str) -> list[dict[str, object]]:
    """One stage's rows, without the cells that are empty."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file)
            lines = list(table)
    except FileNotFoundError:
        raise TrailerflowError(f"{path} is missing; it comes with trailerflow.") from None
    if set(table.fieldnames or ()) != {*_ALWAYS, *_WHERE}:
        raise TrailerflowError(f"{path} must have the columns {', '.join((*_ALWAYS, *_WHERE))}.")
    own = [(number, line) for number, line in enumerate(lines, start=2) if line["stage"] == stage]
    return [_typed(line, f"{path}, row {number}") for number, line in own]


def _typed(line: Mapping[str, str], place: str) -> dict[str, object]:
    for name in _ALWAYS:
        if not line[name]:
            raise TrailerflowError(f"{place}: {name} is empty.")
    row: dict[str, object] = {name: cell for name, cell in line.items() if cell}
    try:
        row["value"] = float(line["value"])
        row |= {name: int(line[name]) for name in _WHOLE if line[name]}
    except ValueError as error:
        raise TrailerflowError(f"{place}: {error}.") from None
    return row
