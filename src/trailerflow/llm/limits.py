"""The rate limits of one account at one model, by minute and by day, kept by all processes that share the cache."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from trailerflow.errors import LaterError, OnlyThisLaterError
from trailerflow.llm.model import Limits
from trailerflow.llm.waits import span_seconds
from trailerflow.retry import LONGEST_WAIT_SECONDS as MOST_SECONDS
from trailerflow.shared_state import SharedState
from trailerflow.times import next_midnight, utc_day, utc_time, utc_time_after

MINUTE_SECONDS = 60.0
MARGIN = 1.02
"""Requests are spread a little wider than the limit asks, so that a delayed one does not fall into a full minute."""

LONGEST_WAIT_SECONDS = 90.0
"""A pause that the server asks for is waited out up to this length; a longer one is left for a later run."""

CLOCK_SECONDS = 300.0
"""A state from further in the future than this was written by a wrong clock."""

QUEUE_SECONDS = 6 * 3600.0
"""Our own requests never queue for longer than this; a later place was given by a wrong clock."""

Result = TypeVar("Result")


class TooLargeError(OnlyThisLaterError):
    """A request takes more tokens than the account may use in a minute; another plan may allow it."""


@dataclass
class PaceState:
    """What all processes that ask this model share.

    Attributes:
        next_request: Earliest time of the next request, in seconds since the epoch.
        paused_until: The server asked for nothing before this time.
        reason: What it said.
        day: Day (UTC) that the next two count.
        day_requests: Requests of that day.
        day_tokens: Tokens of that day.
        spans: ``[time, tokens]`` of each request that still counts for the minute.
        tokens_left: Tokens that the server said are left of its minute, until ``tokens_reset``; None where it said nothing.
        tokens_reset: When the server's minute of tokens is over.
        written: When the state was written.
    """

    next_request: float = 0.0
    paused_until: float = 0.0
    reason: str = ""
    day: str = ""
    day_requests: int = 0
    day_tokens: int = 0
    spans: list[list[float]] = field(default_factory=list)
    tokens_left: int | None = None
    tokens_reset: float = 0.0
    written: float = 0.0

    def checked(self) -> PaceState:
        """The same state without what a wrong clock wrote.

        Raises:
            ValueError, TypeError, OverflowError: It holds what is no time and no count.
        """
        times = [self.next_request, self.paused_until, self.tokens_reset, self.written]
        times += [number for began, tokens in self.spans for number in (began, tokens)]
        if not all(math.isfinite(number) for number in [*times, self.day_requests, self.day_tokens]):
            raise ValueError("the times and counts of a pace are numbers")
        return self._without_wrong_times(time.time())

    def _without_wrong_times(self, now: float) -> PaceState:
        if self.written > now + CLOCK_SECONDS:
            _note(f"the pace was written at {utc_time(self.written)}, which is still to come; it begins anew")
            return PaceState()
        if self.next_request > now + QUEUE_SECONDS:
            _note(f"the next request's time, {utc_time(self.next_request)}, is beyond reason and is dropped")
            self.next_request = 0.0
        if self.paused_until > now + MOST_SECONDS:
            _note(f"a pause until {utc_time(self.paused_until)} is beyond reason and is dropped")
            self.paused_until = 0.0
        if self.tokens_reset > now + MOST_SECONDS:
            self.tokens_left = None
        self.spans = [span for span in self.spans if span[0] <= now + QUEUE_SECONDS]
        return self


@dataclass(frozen=True)
class Reservation:
    """A request's place.

    Attributes:
        time: When it may leave, in seconds since the epoch.
        tokens: Tokens that were set aside for it.
        is_counted: Whether it is among the day's requests already.
    """

    time: float
    tokens: int
    is_counted: bool = True


class ModelPace:
    """The pace of one account at one model.

    Requests are spread evenly over the minute, so that no window of 60 s holds more than the limit however they
    started; their tokens are set aside when they leave and corrected when the answer is there.

    Args:
        folder: Where the state lies: in the cache that all hosts share.
        name: Name of the state's file.
        limits: What the service lets the account ask.
        label: Name of the model, for people.
    """

    def __init__(self, folder: Path, name: str, limits: Limits, label: str) -> None:
        self._state = SharedState(folder / f"{name}.json", PaceState, PaceState.checked)
        self._limits = limits
        self._label = label

    def take_turn(self, tokens: int) -> Reservation:
        """Wait for a request's turn.

        Args:
            tokens: Tokens that it may take, read and written together.

        Raises:
            LaterError: The server asked for a long pause, or the day's requests or tokens are spent.
            TooLargeError: It takes more tokens than a whole minute has.
        """
        most = self._limits.tokens_per_minute
        if most is not None and tokens > most:
            raise TooLargeError(
                f"the request takes up to {tokens} tokens, and the limits of {self._label} let {most} a minute; raise "
                "limits.tokens_per_minute in models.llm where the account has more"
            )
        if self._limits == Limits() and (place := self._free_place()):
            return place
        while True:
            place = self._change(lambda state: self._place(state, tokens))
            time.sleep(max(0.0, place.time - time.time()))
            if self._state.read().paused_until <= place.time:
                return place
            # A pause began meanwhile. All that waited take new places after it; else they would leave at the same instant.
            self._give_back(place)

    def settle(self, place: Reservation, used: int, headers: Mapping[str, str]) -> None:
        """Correct the tokens of an answered request, and keep what the server says is left.

        Args:
            place: From `take_turn`.
            used: Tokens that the request really took.
            headers: The answer's headers, with names in lower case.
        """
        left, reset = _left(headers, "tokens")
        requests_left, requests_reset = _left(headers, "requests")
        spent = requests_left == 0 and requests_reset is not None
        if not place.is_counted and not spent and (left is None or reset is None):
            return  # no limit is named and the server tells of none: there is nothing to count

        def settled(state: PaceState) -> None:
            if not place.is_counted:
                self._count_day(state, place.time, place.tokens)
            for span in state.spans:
                if span == [place.time, place.tokens]:
                    span[1] = used
                    break
            state.day_tokens += used - place.tokens
            if left is not None and reset is not None:
                state.tokens_left, state.tokens_reset = left, time.time() + reset
            if spent:
                state.paused_until = max(state.paused_until, time.time() + (requests_reset or 0))
                state.reason = "no requests are left"

        self._change(settled, is_patient=True)

    def pause(self, seconds: float, reason: str) -> None:
        """Let nobody ask for so long: the server said so with a 429."""

        def paused(state: PaceState) -> None:
            state.paused_until = max(state.paused_until, time.time() + seconds)
            state.reason = reason

        self._change(paused)

    def _give_back(self, place: Reservation) -> None:
        def given_back(state: PaceState) -> None:
            if [place.time, place.tokens] in state.spans:
                state.spans.remove([place.time, place.tokens])
            state.day_requests -= 1
            state.day_tokens -= place.tokens

        self._change(given_back)

    def _free_place(self) -> Reservation | None:
        """A place now, without a change of the state, where no limit is named and the server asks for no wait."""
        state, now = self._state.recent(), time.time()
        if state.paused_until > now or (state.tokens_left is not None and now < state.tokens_reset):
            return None
        return Reservation(now, 0, is_counted=False)

    def _place(self, state: PaceState, tokens: int) -> Reservation:
        """Find a request's place and note it in the state."""
        now = time.time()
        self._raise_if_long(state, now)
        self._count_day(state, now, tokens)
        at = max(now, state.next_request, state.paused_until)
        if state.tokens_left is not None and at < state.tokens_reset:
            if tokens > state.tokens_left:
                if state.tokens_reset - now > LONGEST_WAIT_SECONDS:
                    raise self.later(state.tokens_reset, f"{state.tokens_left} tokens are left")
                at = state.tokens_reset
            else:
                state.tokens_left -= tokens
        at = self._after_full_minutes(state, at, tokens)
        if self._limits.requests_per_minute:
            state.next_request = at + MINUTE_SECONDS / self._limits.requests_per_minute * MARGIN
        if self._limits.tokens_per_minute:
            state.spans.append([at, tokens])
        return Reservation(at, tokens)

    def _after_full_minutes(self, state: PaceState, at: float, tokens: int) -> float:
        """The first time, from ``at`` on, at which the minute before leaves room for these tokens."""
        most = self._limits.tokens_per_minute
        if most is None:
            return at
        window = MINUTE_SECONDS * MARGIN
        state.spans = [span for span in state.spans if span[0] > time.time() - window]
        at = max([at, *(span[0] for span in state.spans)])
        for start, _ in sorted(state.spans):
            if sum(count for began, count in state.spans if began > at - window) + tokens <= most:
                break
            at = max(at, start + window)
        return at

    def _count_day(self, state: PaceState, now: float, tokens: int) -> None:
        day = utc_day(now)
        if state.day != day:
            state.day, state.day_requests, state.day_tokens = day, 0, 0
        most_requests, most_tokens = self._limits.requests_per_day, self._limits.tokens_per_day
        for most, count, name in (
            (most_requests, state.day_requests + 1, "requests"),
            (most_tokens, state.day_tokens + tokens, "tokens"),
        ):
            if most is not None and count > most:
                raise LaterError(
                    f"the {name} of this day to {self._label} are spent ({most})", next_midnight(now)
                )
        state.day_requests += 1
        state.day_tokens += tokens

    def _raise_if_long(self, state: PaceState, now: float) -> None:
        if state.paused_until - now > LONGEST_WAIT_SECONDS:
            raise self.later(state.paused_until, state.reason)

    def later(self, until: float, reason: str) -> LaterError:
        """The error that the server is not to be asked before a time (seconds since the epoch)."""
        return LaterError(f"{self._label} is not to be asked now ({reason})", utc_time_after(until))

    def _change(self, change: Callable[[PaceState], Result], *, is_patient: bool = False) -> Result:
        def changed(state: PaceState) -> tuple[PaceState, Result]:
            result = change(state)
            state.written = time.time()
            return state, result

        return self._state.change(changed, is_patient=is_patient)


def _note(words: str) -> None:
    print(f"Note: {words}.", file=sys.stderr)


def _left(headers: Mapping[str, Any], what: str) -> tuple[int | None, float | None]:
    """How many requests or tokens are left, and for how many seconds that holds."""
    try:
        left: int | None = int(float(headers.get(f"x-ratelimit-remaining-{what}", "")))
    except (ValueError, OverflowError):
        left = None
    return left, span_seconds(headers.get(f"x-ratelimit-reset-{what}", ""))
