"""The finished parts of a long job, kept until it is done: one that was killed goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json
from trailerflow.tables import read_table, write_table

FOLDER = Path("run/parts")
_KEY = "key.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class KeptParts:
    """Tables of the finished parts of one job, in a folder of its own.

    Args:
        folder: ``run/parts/<rule>/<name>``.
        facts: All that can change a part (data, settings, seeds, versions, the code's hash), as JSON knows it. Parts of
            other facts are not this job's: they are removed.

    Examples:
        >>> parts = KeptParts(FOLDER / "train_encoder" / "minilm", {"seed": 0})  # doctest: +SKIP
        >>> parts.write("fold-0", table)  # doctest: +SKIP
    """

    def __init__(self, folder: Path, facts: Mapping[str, Any]) -> None:
        self._folder = folder
        key = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()
        if self._kept_key() != key:
            self.remove()
            write_json(folder / _KEY, {"key": key}, private=True)

    def read(self, name: str) -> pd.DataFrame | None:
        """The table of a part, or None where it was not finished; a damaged one counts as not finished."""
        try:
            return read_table(self._path(name))
        except TrailerflowError:
            return None

    def write(self, name: str, table: pd.DataFrame) -> None:
        """Keep the table of a finished part, in one step."""
        write_table(table, self._path(name))

    def remove(self) -> None:
        """Remove all parts: the job is done, or they are not its own."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _kept_key(self) -> str | None:
        try:
            document = json.loads((self._folder / _KEY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return document.get("key") if isinstance(document, dict) else None

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a part")
        return self._folder / f"{name}.parquet"
