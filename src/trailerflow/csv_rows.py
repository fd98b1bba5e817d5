"""Rows of a CSV table that people wrote, with the row that a fault is in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from trailerflow.errors import TrailerflowError

LONGEST_CELL = 1_000_000
"""Longest cell, in characters; a plot has some thousand."""


def csv_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table, one after the other, their cells without white space at the ends.

    Args:
        path: CSV in UTF-8.
        columns: Columns that it must have; it may have more.

    Yields:
        Number of a row as a spreadsheet counts, the header being row 1, and its cells by column. Empty rows are left out.

    Raises:
        TrailerflowError: The file is missing, no UTF-8 or no CSV, lacks a column, or a row has too few or too many cells.
    """
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            header = next(reader, [])
            for column in columns:
                if column not in header:
                    raise TrailerflowError(f"{path}, row 1: the column {column} is missing; add it.")
            for row, cells in enumerate(reader, start=2):
                if not any(cells):
                    continue
                if len(cells) != len(header):
                    raise TrailerflowError(
                        f"{path}, row {row} has {len(cells)} cells and the header {len(header)}; correct the row."
                    )
                yield row, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except FileNotFoundError:
        raise TrailerflowError(f"{path} is missing; correct its path in the configuration.") from None
    except IsADirectoryError:
        raise TrailerflowError(f"{path} is a folder; name a CSV file.") from None
    except UnicodeDecodeError as error:
        raise TrailerflowError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None
    except csv.Error as error:
        raise TrailerflowError(f"{path} is not a CSV table ({error}); correct its quotation marks.") from None
