"""The tables of a split: all its parts and protocols below each other, written and read a part at a time.

Ids are dictionary-coded (categories), with one dictionary for all parts: a ranking of 943 users and 1,682 films with ids as
text takes 277 MB.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from trailerflow.files import replacing
from trailerflow.recommendations.protocols.contract import Asked
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.splits.contract import Part
from trailerflow.tables import read_rows

_ID = pa.dictionary(pa.int32(), pa.string())
_PART = {"part": pa.string(), "fold": pa.int16(), "seed": pa.int32()}
_RATING = {"user": _ID, "movie": _ID, "rating": pa.float32(), "timestamp": pa.int64()}
_PROTOCOL = {"protocol": pa.string(), **_PART}
_QUESTION = {
    "user": _ID,
    "timestamp": pa.int64(),
    "rule": pa.string(),
    "films": pa.int32(),
    "task": pa.string(),
}

SCHEMAS: dict[str, pa.Schema] = {
    "train": pa.schema(_PART | {"known_only": pa.bool_()} | _RATING),
    "validation": pa.schema(_PART | _RATING),
    "candidates": pa.schema(_PROTOCOL | {"user": _ID, "movie": _ID}),
    "truth": pa.schema(_PROTOCOL | _RATING),
    "users": pa.schema(_PROTOCOL | {"user": _ID, "set": pa.string()}),
    "questions": pa.schema(_PROTOCOL | _QUESTION),
}
"""Columns of each table. ``train.known_only``: a rating that is told with a question, and that no ranker is fitted on.
``questions.films``: how many candidates there are."""


class Key(NamedTuple):
    """Which part of a split a row is of."""

    part: str
    fold: int
    seed: int


def write_split(parts: Iterable[Part], files: Mapping[str, Path]) -> tuple[str, ...]:
    """Write the tables of a split, a row group a part.

    Args:
        parts: The parts; all with the same categories of users and films.
        files: Path of each table of `SCHEMAS`.

    Returns:
        The notes of all parts and protocols, each once.
    """
    notes: dict[str, None] = {}
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(pq.ParquetWriter(stack.enter_context(replacing(files[name])), schema))
            for name, schema in SCHEMAS.items()
        }

        def write(name: str, frame: pd.DataFrame, train: pd.DataFrame, key: Mapping[str, Any]) -> None:
            ids = {column: train[column].dtype for column in ("user", "movie") if column in frame}
            whole = frame.assign(**key).astype(ids)[SCHEMAS[name].names]
            writers[name].write_table(pa.Table.from_pandas(whole, SCHEMAS[name], preserve_index=False))

        for part in parts:
            key = Key(part.part, part.fold, part.seed)._asdict()
            train = pd.concat(
                [part.train.assign(known_only=False), part.known.assign(known_only=True)], ignore_index=True
            )
            write("train", train, train, key)
            write("validation", part.validation, train, key)
            notes |= dict.fromkeys(part.notes)
            for asked in part.asked:
                notes |= dict.fromkeys(asked.notes)
                own = {"protocol": asked.protocol, "task": asked.task, **key}
                films = [len(each.candidates) for each in Questions(asked.questions, asked.candidates, train)]
                write("questions", asked.questions.assign(films=films), train, own)
                for name in ("candidates", "truth", "users"):
                    write(name, getattr(asked, name), train, own)
    return tuple(notes)


class SplitTables:
    """The tables of a split, read a part at a time.

    Args:
        files: Path of each table of `SCHEMAS`, in any order; the stem says which it is.

    Attributes:
        keys: The parts about which something is asked, in their order.

    Raises:
        TrailerflowError: A table is missing or damaged.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = {path.stem: path for path in files}
        rows = self.read("questions", columns=list(Key._fields)).drop_duplicates()
        self.keys = [Key(*row) for row in rows.itertuples(index=False)]

    def read(self, name: str, *, columns: Sequence[str] | None = None, **values: Any) -> pd.DataFrame:
        """The rows of one of the tables of `SCHEMAS`; see `read_rows`."""
        return read_rows(self._files[name], columns=columns, **values)

    def part(self, key: Key) -> Part:
        """Read a part; its frames have the same categories."""
        place = key._asdict()
        found = {name: self.read(name, **place) for name in SCHEMAS}
        found |= {name: frame.drop(columns=list(place)) for name, frame in found.items()}
        for column in ("user", "movie"):
            having = [name for name, frame in found.items() if column in frame]
            known: dict[str, None] = {}
            for name in having:
                known |= dict.fromkeys(found[name][column].cat.categories)
            kind = pd.CategoricalDtype(list(known))
            for name in having:
                found[name][column] = found[name][column].astype(kind)
        train, only = found["train"].drop(columns="known_only"), found["train"]["known_only"]
        asked = [
            _asked_by(str(protocol), {name: found[name] for name in found if "protocol" in found[name]})
            for protocol in found["questions"]["protocol"].unique()
        ]
        return Part(
            *key,
            train=train[~only].reset_index(drop=True),
            validation=found["validation"],
            known=train[only].reset_index(drop=True),
            asked=tuple(asked),
        )


def _asked_by(protocol: str, tables: Mapping[str, pd.DataFrame]) -> Asked:
    own = {
        name: frame[frame["protocol"] == protocol].drop(columns="protocol").reset_index(drop=True)
        for name, frame in tables.items()
    }
    return Asked(protocol=protocol, task=own["questions"]["task"].iloc[0], **own)


def stored_splits(files: Iterable[Path]) -> dict[str, SplitTables]:
    """Splits by their names, from the tables of all of them, which lie in a folder a split.

    Raises:
        TrailerflowError: A table is missing or damaged.
    """
    by_name: dict[str, list[Path]] = {}
    for path in files:
        by_name.setdefault(path.parent.name, []).append(path)
    return {name: SplitTables(paths) for name, paths in by_name.items()}
