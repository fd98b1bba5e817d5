"""State that many processes share: a dataclass in a JSON file, read, changed and written under a lock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from trailerflow.errors import TrailerflowError
from trailerflow.lock import LockLostError, file_lock
from trailerflow.outside import parse_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

State = TypeVar("State", bound="DataclassInstance")
Result = TypeVar("Result")


class SharedState(Generic[State]):
    """The state in one file.

    Args:
        path: The file, on a file system that all processes share; its lock lies beside it. Its folder is made.
        kind: Dataclass of the state. Made without arguments it is the state where there is no file.
        checked: Gives a state that was read, put right where that can be done. It raises ValueError, TypeError or
            OverflowError for one that nobody wrote.
        damaged: Sentence to raise where the file is damaged; None where it then counts as none.
    """

    def __init__(
        self,
        path: Path,
        kind: type[State],
        checked: Callable[[State], State] = lambda state: state,
        damaged: str | None = None,
    ) -> None:
        self._path = path
        self._lock = path.with_suffix(".lock")
        self._kind = kind
        self._checked = checked
        self._damaged = damaged

    def read(self) -> State:
        """The state as it was written last.

        Raises:
            TrailerflowError: The file is damaged, and that is to be told.
        """
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return self._kind()
        try:
            return self._checked(self._kind(**parse_json(data)))
        except (ValueError, TypeError, OverflowError):
            if self._damaged is not None:
                raise TrailerflowError(self._damaged) from None
            return self._kind()

    def change(self, change: Callable[[State], tuple[State, Result]]) -> Result:
        """Change the state under its lock, and once more on what is there then where the lock was lost meanwhile.

        Args:
            change: Takes the state; gives the new one and a result. What it raises leaves the file as it was.

        Returns:
            The result of the change that was written.

        Raises:
            TrailerflowError: The file is damaged, and that is to be told; or the lock is never let go.
        """
        while True:
            with suppress(LockLostError), file_lock(self._lock) as held:
                state, result = change(self.read())
                held.write_json(self._path, asdict(state))
                return result
