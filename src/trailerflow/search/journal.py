"""Where a search is kept: Optuna's journal, a file of JSON lines, in which nothing is pickled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

from trailerflow.errors import TrailerflowError
from trailerflow.files import make_private_folder
from trailerflow.lock import file_lock

MOST_BYTES = 50_000_000
"""Largest journal that is read; a trial writes some thousand bytes."""

_FACTS = "facts"


class _Lock(JournalFileOpenLock):
    """The lock of this project: that of a process which was killed is taken away at once."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path
        self._held = ExitStack()

    def acquire(self) -> bool:
        self._held.enter_context(file_lock(self._path))
        return True

    def release(self) -> None:
        self._held.close()


def opened_study(path: Path, facts: Mapping[str, Any]) -> optuna.Study:
    """The study of a journal; a new one where there is none.

    Args:
        path: The journal.
        facts: All that can change a trial's value, as JSON knows it.

    Raises:
        TrailerflowError: The journal is of other facts, or damaged.
    """
    key = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()
    make_private_folder(path.parent)
    lock = _Lock(path.with_name(f"{path.name}.lock"))
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with file_lock(path.with_name(f"{path.name}.lock")):
            _keep_whole_lines(path)
        storage = JournalStorage(JournalFileBackend(str(path), lock_obj=lock))
        study = optuna.create_study(
            storage=storage, study_name="search", direction="maximize", load_if_exists=True
        )
        kept = study.user_attrs.get(_FACTS)
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise TrailerflowError(f"{path} is no journal of a search ({error}); delete it.") from None
    if kept is None:
        study.set_user_attr(_FACTS, key)
    elif kept != key:
        raise TrailerflowError(
            f"{path} is of a search with other data, settings or code; delete it, or name another file."
        )
    return study


def _keep_whole_lines(path: Path) -> None:
    """Cut off a last line that a kill left half-written.

    Raises:
        TrailerflowError: The file is too large to be ours.
    """
    if not path.exists():
        return
    if path.stat().st_size > MOST_BYTES:
        raise TrailerflowError(f"{path} has more than {MOST_BYTES:,} bytes, and is no journal; delete it.")
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with open(path, "r+b") as file:
            file.truncate(whole)
