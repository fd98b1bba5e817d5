"""Ratings as their file gives them, line by line checked: of an archive, of its own folds, or of a user's CSV."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from trailerflow.catalogue.archives import (
    MOST_RATING_BYTES,
    Layout,
    archive_layout,
    member_named,
    open_ratings,
    opened_archive,
)
from trailerflow.errors import TrailerflowError
from trailerflow.outside import clean_text

HIGHEST_RATING = 5.0

LATEST_TIME = 100_000_000_000
"""Largest timestamp, in the year 5138 by seconds; by milliseconds every time since 1973 is larger."""

LONGEST_ID = 64
"""Longest id of a user's CSV, in characters."""

FOLDS = 5
"""MovieLens-100K's own folds: the test of fold n is ``un.test``."""

COLUMNS = {"user": ("user", "userid"), "movie": ("movie", "movieid", "item", "itemid")}
"""Names of the columns with ids in a user's CSV, in small letters and without underscores."""

_NUMBER_TYPES = {"user": pa.int64(), "movie": pa.int64(), "rating": pa.float32(), "timestamp": pa.int64()}
_NAME = pa.dictionary(pa.int32(), pa.string())
_MOST_HEADER_BYTES = 10_000


class _Lines(NamedTuple):
    """A file of ratings.

    Attributes:
        place: Its name in messages.
        way_out: What to do about a line that does not parse.
        header: Whether its first line names the columns.
        opened: Opens it.
    """

    place: str
    way_out: str
    header: bool
    opened: Callable[[], AbstractContextManager[IO[bytes]]]

    def fault(self, line: int, why: str = "") -> TrailerflowError:
        """The error for a line, counted from 1."""
        with self.opened() as stream:
            content = next(itertools.islice(stream, line - 1, None), b"")
        shown = clean_text(content.decode("utf-8", errors="replace").rstrip("\r\n"))[:80]
        told = f": {why}" if why else f" does not parse ({shown!r}); {self.way_out}."
        return TrailerflowError(f"{self.place}, line {line}{told}")

    def table(
        self, names: Sequence[str], types: Mapping[str, Any], *, separator: str, quotes: bool
    ) -> pa.Table:
        """Read it in one pass: the 25M release has 25 million lines.

        Args:
            names: Names of all cells of a line, in their order.
            types: Types of the cells that are wanted.
            separator: One character.
            quotes: Whether cells may stand in quotation marks.

        Raises:
            TrailerflowError: A line has cells too many, too few or of another type.
        """
        # Arrow names the row of a fault in one thread only.
        try:
            with self.opened() as stream:
                return arrow_csv.read_csv(
                    stream,
                    read_options=arrow_csv.ReadOptions(
                        use_threads=False, column_names=list(names), skip_rows=int(self.header)
                    ),
                    parse_options=arrow_csv.ParseOptions(
                        delimiter=separator, quote_char='"' if quotes else False, ignore_empty_lines=False
                    ),
                    convert_options=arrow_csv.ConvertOptions(
                        column_types=types, include_columns=list(types), null_values=[]
                    ),
                )
        except pa.ArrowInvalid as error:
            row = re.search(r"Row #([0-9]+)", str(error))
            if row is None:
                words = clean_text(" ".join(str(error).split()))[:200]
                raise TrailerflowError(f"{self.place} does not parse ({words}); {self.way_out}.") from None
            raise self.fault(int(row[1])) from None

    def check(self, ratings: pd.DataFrame) -> None:
        """Refuse a rating out of range and a time that is none.

        Raises:
            TrailerflowError: The first such line.
        """
        rated, times = ratings["rating"].to_numpy(), ratings["timestamp"].to_numpy()
        of_scale = (rated > 0) & (rated <= HIGHEST_RATING)
        in_seconds = (times >= 0) & (times < LATEST_TIME)
        faulty = np.flatnonzero(~(of_scale & in_seconds))
        if not faulty.size:
            return
        row = int(faulty[0])
        why = (
            f"the timestamp {times[row]} is no time in seconds since 1970; divide milliseconds by 1000."
            if of_scale[row]
            else f"the rating {rated[row]:g} is not above 0 and up to {HIGHEST_RATING:g}; correct it, "
            "or bring all ratings to that scale."
        )
        raise self.fault(row + 1 + self.header, why)


def read_ratings(path: Path) -> pd.DataFrame:
    """Read the ratings of an archive in its order.

    Args:
        path: A zip file in one of the layouts of `trailerflow.catalogue.archives`.

    Returns:
        user (int64), movie (int64), rating (float32), timestamp (int64) and fold (int8): number of the archive's own fold
        that the rating is the test of, 0 where there are none.

    Raises:
        TrailerflowError: A line does not parse, or is out of range.
    """
    with opened_archive(path) as archive:
        layout = archive_layout(archive, path)
        names = {name.rpartition("/")[2] for name in archive.namelist()}
    ratings = _read_member(path, layout, layout.ratings)
    tests = [f"u{fold}.test" for fold in range(1, FOLDS + 1)]
    if layout.ratings != "u.data" or not set(tests) <= names:
        return ratings.assign(fold=np.int8(0))
    folds = pd.concat(
        [
            _read_member(path, layout, name)[["user", "movie"]].assign(fold=np.int8(number))
            for number, name in enumerate(tests, start=1)
        ]
    ).drop_duplicates(["user", "movie"])
    return ratings.merge(folds, on=["user", "movie"], how="left").fillna({"fold": 0}).astype({"fold": "int8"})


def _read_member(path: Path, layout: Layout, name: str) -> pd.DataFrame:
    """One of an archive's files of ratings."""
    with opened_archive(path) as archive:
        member = member_named(archive, name)

    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with opened_archive(path) as archive, open_ratings(archive, member) as stream:
            yield stream

    lines = _Lines(f"{path}: {clean_text(member)}", "correct it or download again", layout.header, opened)
    names = [column or f"empty{position}" for position, column in enumerate(layout.columns)]
    table = lines.table(names, _NUMBER_TYPES, separator=layout.separator, quotes=False)
    frame = pd.DataFrame({column: table[column].to_numpy() for column in _NUMBER_TYPES})
    lines.check(frame)
    return frame


def read_own_ratings(path: Path) -> pd.DataFrame:
    """Read a user's CSV of ratings in its order.

    The first line names the columns: user, movie, rating, timestamp (seconds since 1970), or MovieLens' ``userId`` and
    ``movieId``; others are not read.

    Args:
        path: CSV in UTF-8, with commas.

    Returns:
        user (category), movie (category), rating (float32), timestamp (int64).

    Raises:
        TrailerflowError: The file is too large or no such table, or a line does not parse or is out of range.
    """
    if path.stat().st_size > MOST_RATING_BYTES:
        raise TrailerflowError(f"{path} is larger than {MOST_RATING_BYTES:,} bytes; take a part of it.")
    lines = _Lines(str(path), "correct it", True, lambda: path.open("rb"))
    names = _columns_of(path)
    table = lines.table(names, _NUMBER_TYPES | dict.fromkeys(COLUMNS, _NAME), separator=",", quotes=True)
    frame: pd.DataFrame = table.unify_dictionaries().to_pandas()
    for column in COLUMNS:
        codes = frame[column].cat.codes.to_numpy()
        for code, name in enumerate(frame[column].cat.categories):
            if name and len(name) <= LONGEST_ID and clean_text(name) == name:
                continue
            line = int(np.flatnonzero(codes == code)[0]) + 2
            raise lines.fault(
                line, f"an id of a {column} has 1 to {LONGEST_ID} characters that can be printed; correct it."
            )
    lines.check(frame)
    return frame


def _columns_of(path: Path) -> list[str]:
    """The header of a user's CSV, the four columns by our names."""
    try:
        with path.open("rb") as file:
            first = file.readline(_MOST_HEADER_BYTES).decode("utf-8-sig")
        header = next(csv.reader([first]), [])
    except (UnicodeDecodeError, csv.Error):
        header = []
    names = [name.strip().lower().replace("_", "") for name in header]
    ours = {spelt: column for column, spellings in COLUMNS.items() for spelt in spellings}
    columns = [ours.get(name, name) for name in names]
    for column in _NUMBER_TYPES:
        if columns.count(column) != 1:
            raise TrailerflowError(
                f"{path}, line 1: the columns user, movie, rating and timestamp must stand there once each, "
                f"with commas between them; correct {column}."
            )
    # Other columns are not read, but Arrow wants a name for each.
    return [name if name in _NUMBER_TYPES else f"other{place}" for place, name in enumerate(columns)]
