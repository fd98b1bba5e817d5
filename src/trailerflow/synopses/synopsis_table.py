"""Reference synopses from a table of the user's own."""

from __future__ import annotations

import csv
from pathlib import Path

from trailerflow.errors import TrailerflowError

COLUMNS: tuple[str, ...] = ("id", "synopsis")


def read_synopses(path: Path | str) -> dict[str, str]:
    """Read a table of synopses.

    Args:
        path: CSV in UTF-8 with the columns ``id`` and ``synopsis``; further columns are ignored.

    Returns:
        Synopsis by movie id. A movie whose cell is empty is left out.

    Raises:
        TrailerflowError: The file is missing or no UTF-8 CSV, a column is missing, a row has no id or too few
            cells, or an id occurs twice. Rows are counted as a spreadsheet does, the header being row 1.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise TrailerflowError(f"{path}, row 1: the column {missing[0]} is missing; add it.")
            return _synopses_of(reader, path)
    except FileNotFoundError:
        raise TrailerflowError(f"{path} is missing; correct the table of synopses in the config.") from None
    except UnicodeDecodeError as error:
        raise TrailerflowError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None
    except csv.Error as error:
        raise TrailerflowError(f"{path} is not a CSV table ({error}); correct its quotation marks.") from None


def _synopses_of(reader: csv.DictReader[str], path: Path | str) -> dict[str, str]:
    """Synopsis by movie id of all rows, each checked."""
    synopses: dict[str, str] = {}
    rows: dict[str, int] = {}
    for number, row in enumerate(reader, start=2):
        movie, synopsis = (row["id"] or "").strip(), row["synopsis"]
        if not movie or synopsis is None:
            raise TrailerflowError(
                f"{path}, row {number}: the id or the synopsis is missing; correct the row or remove it."
            )
        if movie in rows:
            raise TrailerflowError(
                f"{path}, row {number}: the id {movie!r} is in row {rows[movie]} already; remove one."
            )
        rows[movie] = number
        if synopsis.strip():
            synopses[movie] = " ".join(synopsis.split())
    return synopses
