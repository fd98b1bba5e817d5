"""The slots of a hosted model: a request enters just before it is sent, and leaves when its answer is there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from trailerflow.llm.limits import Reservation


class Slots(AbstractContextManager[Any], Protocol):
    """A semaphore."""

    def acquire(self) -> bool:
        """Take a slot."""

    def release(self) -> None:
        """Give it back."""


class Gate:
    """Where a request waits for a slot and for its turn.

    A good answer's slot is free at once. After any other reply it is held until the others have been told what the server
    said, since they are not to send anything before that.

    Args:
        slots: The slots; None where the request has one already.
        take_turn: Waits for its turn.
    """

    def __init__(self, slots: Slots | None, take_turn: Callable[[], Reservation]) -> None:
        self._slots = slots
        self._take_turn = take_turn
        self._is_in = False
        self._turn: Reservation | None = None

    @property
    def turn(self) -> Reservation:
        """The turn that was taken.

        Raises:
            RuntimeError: None was.
        """
        if self._turn is None:
            raise RuntimeError("a request was answered that never had its turn")
        return self._turn

    def enter(self) -> None:
        """Wait for the slot and the turn.

        Raises:
            LaterError: The request is not to be sent.
        """
        if self._slots is not None:
            self._slots.acquire()
            self._is_in = True
        self._turn = self._take_turn()

    def leave(self) -> None:
        """Give the slot back, if there is one."""
        if self._slots is not None and self._is_in:
            self._is_in = False
            self._slots.release()


GATE: ContextVar[Gate | None] = ContextVar("gate", default=None)
"""Gate of the request that is being made; an official client hands nothing on to the client below it."""
