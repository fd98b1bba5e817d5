"""State that many processes share: a dataclass in a JSON file, read, changed and written under a lock."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from trailerflow.errors import TrailerflowError
from trailerflow.lock import LockLostError, file_lock
from trailerflow.outside import parse_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

State = TypeVar("State", bound="DataclassInstance")
Result = TypeVar("Result")

RECENT_SECONDS = 0.05
"""How old a state may be that is looked at before each of many requests."""

GATHER_SECONDS, PATIENT_SECONDS = 0.02, 0.05
"""Where several threads changed a state at once, the next change waits so long for others that are written with it; the
second where nobody waits for what it gives."""


class SharedState(Generic[State]):
    """The state in one file.

    Threads that change it at the same time share one holding of the lock: each on its own, with 64 of them the lock was
    tried more often than the file was written, and a hosted model got 40 requests a second instead of 300.

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
        self._turn = threading.Lock()
        self._waiting: deque[_Waiting[State]] = deque()
        self._is_crowded = False
        self._seen: tuple[float, State] | None = None

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

    def recent(self) -> State:
        """The state as it was at most `RECENT_SECONDS` ago, and after all changes of this object. It is only for reading."""
        seen, now = self._seen, time.monotonic()
        if seen is None or now - seen[0] > RECENT_SECONDS:
            seen = self._seen = now, self.read()
        return seen[1]

    def change(self, change: Callable[[State], tuple[State, Result]], *, is_patient: bool = False) -> Result:
        """Change the state under its lock, and once more on what is there then where the lock was lost meanwhile.

        Args:
            change: Takes the state; gives the new one and a result. What it raises leaves the file as it was.
            is_patient: Whether it can wait a little for others that are written with it.

        Returns:
            The result of the change that was written.

        Raises:
            TrailerflowError: The file is damaged, and that is to be told; or the lock is never let go.
        """
        waiting = _Waiting(change)
        self._waiting.append(waiting)
        if is_patient and self._is_crowded:
            waiting.is_over.wait(PATIENT_SECONDS)
        if not waiting.is_over.is_set():
            with self._turn:
                if not waiting.is_over.is_set():  # somebody else may have made it meanwhile
                    self._make_changes()
        if waiting.error is not None:
            raise waiting.error
        result: Result = waiting.result
        return result

    def _make_changes(self) -> None:
        """Make all changes that wait, one after another, under one lock."""
        if self._is_crowded:
            time.sleep(GATHER_SECONDS)
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._is_crowded = len(batch) > 1
        try:
            self._write(batch)
        except BaseException as error:  # of any kind: the thread of each change raises it
            for waiting in batch:
                waiting.error = error
        for waiting in batch:
            waiting.is_over.set()

    def _write(self, batch: list[_Waiting[State]]) -> None:
        """Write the state after all changes that do not raise."""
        while True:
            with suppress(LockLostError), file_lock(self._lock) as held:
                before = state = self.read()
                for waiting in batch:
                    state = waiting.changed(state)
                if state is not before:
                    held.write_json(self._path, asdict(state))
                    self._seen = None
                return


@dataclass
class _Waiting(Generic[State]):
    """A change that is to be made, and what came of it."""

    change: Callable[[State], tuple[State, Any]]
    result: Any = None
    error: BaseException | None = None
    is_over: threading.Event = field(default_factory=threading.Event)

    def changed(self, state: State) -> State:
        """The state after the change, or as it was where that raises."""
        self.error = None
        try:
            after, self.result = self.change(deepcopy(state))
        except Exception as error:  # of any kind: the thread that waits raises it
            self.error = error
            return state
        return after
