"""One pace for everything that asks a site, across processes and machines: pauses, a daily budget, and blocks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trailerflow.errors import LaterError
from trailerflow.shared_state import SharedState
from trailerflow.times import next_midnight, utc_day, utc_time_after

SUSPICIONS = 3
"""So many suspicious answers one after another (empty ones, say) are taken for a block."""

LONGEST_BLOCK_SECONDS = 86_400.0
"""A site that names a longer block is asked again after this time."""

LONGEST_QUEUE_SECONDS, MOST_WAITERS = 3600.0, 100
"""A turn further away than this, or than the pauses of so many others, was reserved by a wrong clock."""


@dataclass(frozen=True)
class PaceState:
    """What all processes that ask a site share.

    Attributes:
        next_visit: Earliest time of the next visit, in seconds since the epoch.
        blocked_until: The site is not asked before this time; 0 where it is not blocked.
        reason: Why it was blocked.
        day: Day (UTC) that ``visits`` counts.
        visits: Visits of that day.
        suspicions: Suspicious answers since the last good one.
    """

    next_visit: float = 0.0
    blocked_until: float = 0.0
    reason: str = ""
    day: str = ""
    visits: int = 0
    suspicions: int = 0

    def __post_init__(self) -> None:
        times, counts = (self.next_visit, self.blocked_until), (self.visits, self.suspicions)
        if not all(type(moment) in (int, float) and moment >= 0 for moment in times):
            raise ValueError("the times of a pace are numbers")
        if not all(type(count) is int and count >= 0 for count in counts):
            raise ValueError("the counts of a pace are whole numbers")
        if not isinstance(self.reason, str) or not isinstance(self.day, str):
            raise ValueError("reason and day of a pace are texts")


def spent(site: str) -> LaterError:
    """The error that a site's visits of this day (UTC) are spent."""
    return LaterError(f"the visits of this day to {site} are spent", next_midnight(time.time()))


class Pace:
    """The pace of one site.

    A visit is what is asked about one thing (a film's search, a video's captions, a video's sound), however many
    requests that takes.

    Args:
        folder: Where the state lies; shared by all that are to keep one pace.
        site: Name of the site.
        pause_seconds: Least time from the start of one visit to the start of the next.
        visits_per_day: Most visits of a day (UTC); None for no limit.
        blocked_seconds: How long nothing is asked after a block that names no time itself.
    """

    def __init__(
        self,
        folder: Path,
        site: str,
        *,
        pause_seconds: float,
        visits_per_day: int | None,
        blocked_seconds: float,
    ) -> None:
        self.site = site
        self._path = folder / f"{site}.json"
        self._state = SharedState(self._path, PaceState, self._without_wrong_times)
        self._pause = pause_seconds
        self._per_day = visits_per_day
        self._blocked_seconds = blocked_seconds

    def take_turn(self) -> None:
        """Wait for a visit's turn.

        Raises:
            LaterError: The site is blocked, or the day's visits are spent.
        """
        turn = self._change(self._reserve).next_visit - self._pause
        time.sleep(max(0.0, turn - time.time()))
        self.check()

    def check(self) -> None:
        """Make sure that the site may be asked: called before every single request.

        Raises:
            LaterError: It is blocked.
        """
        self._raise_if_blocked(self._state.read())

    def block(self, reason: str, seconds: float | None = None) -> LaterError:
        """Stop everybody who asks this site.

        Args:
            reason: What the site answered.
            seconds: How long, where the site named a time; else ``blocked_seconds``.

        Returns:
            The error to raise.
        """
        named = None if seconds is None else min(seconds, LONGEST_BLOCK_SECONDS)
        until = time.time() + (self._blocked_seconds if named is None else named)
        state = self._change(lambda state: replace(state, blocked_until=until, reason=reason, suspicions=0))
        return self._blocked(state)

    def suspect(self, reason: str) -> None:
        """Count an answer that may be the beginning of a block.

        Raises:
            LaterError: It was one too many, and the site is taken for blocked.
        """
        state = self._change(lambda state: replace(state, suspicions=state.suspicions + 1))
        if state.suspicions >= SUSPICIONS:
            raise self.block(f"{reason}, {SUSPICIONS} times in a row")

    def trust(self) -> None:
        """Count a good answer: what was suspicious before it was no block."""
        if self._state.read().suspicions:
            self._change(lambda state: replace(state, suspicions=0))

    def _reserve(self, state: PaceState) -> PaceState:
        self._raise_if_blocked(state)
        now = time.time()
        day = utc_day(now)
        visits = state.visits if state.day == day else 0
        if self._per_day is not None and visits >= self._per_day:
            raise spent(self.site)
        turn = max(now, state.next_visit)
        return replace(state, next_visit=turn + self._pause, day=day, visits=visits + 1)

    def _raise_if_blocked(self, state: PaceState) -> None:
        if time.time() < state.blocked_until:
            raise self._blocked(state)

    def _blocked(self, state: PaceState) -> LaterError:
        until = utc_time_after(state.blocked_until)
        return LaterError(f"{self.site} does not let this address in ({state.reason})", until)

    def _change(self, change: Callable[[PaceState], PaceState]) -> PaceState:
        def changed(before: PaceState) -> tuple[PaceState, PaceState]:
            after = change(before)
            return after, after

        return self._state.change(changed)

    def _without_wrong_times(self, state: PaceState) -> PaceState:
        now = time.time()
        farthest = {
            "next_visit": now + max(LONGEST_QUEUE_SECONDS, MOST_WAITERS * self._pause),
            "blocked_until": now + max(LONGEST_BLOCK_SECONDS, self._blocked_seconds),
        }
        dropped: dict[str, Any] = {
            name: 0.0 for name, moment in farthest.items() if getattr(state, name) > moment
        }
        if dropped:
            print(
                f"{self._path}: {' and '.join(dropped)} is too far in the future, as after a wrong clock, and is dropped.",
                file=sys.stderr,
            )
        return replace(state, **dropped)
