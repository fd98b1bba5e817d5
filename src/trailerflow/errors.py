"""The errors of this library: a fault that a user can put right, and the two ways of getting no answer."""

from __future__ import annotations


class TrailerflowError(Exception):
    """A fault in the set-up, told in one sentence that names the thing and the way out.

    It is not for a single movie's bad input: that is a ``failed`` outcome, and the run goes on.
    """


class LaterError(Exception):
    """The server may answer later (quota, rate limit, a fault that passes).

    Attributes:
        reason: Why, for people.
        earliest: When to ask again, ISO 8601 in UTC, or None where nothing is known.
    """

    def __init__(self, reason: str, earliest: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.earliest = earliest


class OnlyThisLaterError(LaterError):
    """This request is for later, and others may be answered now."""


class RefusedError(Exception):
    """The server cannot work on this request, and asking again would not help.

    Attributes:
        reason: Why, for people.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
