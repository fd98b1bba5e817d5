"""Times as outcomes, answers and marks write them: UTC, to the second."""

from __future__ import annotations

import time

_DAY_SECONDS = 86_400


def utc_time(seconds: float | None = None) -> str:
    """A time in ISO 8601.

    Args:
        seconds: Seconds since the epoch; None for now.
    """
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def utc_time_after(seconds: float) -> str:
    """The first whole second after a time: who asks again then does not come too early by a part of a second.

    >>> utc_time_after(59.2), utc_time_after(60.0)
    ('1970-01-01T00:01:00Z', '1970-01-01T00:01:01Z')
    """
    return utc_time(int(seconds) + 1)


def utc_day(seconds: float) -> str:
    """The day of a time.

    >>> utc_day(86_399.9), utc_day(86_400.0)
    ('1970-01-01', '1970-01-02')
    """
    return utc_time(seconds)[:10]


def next_midnight(seconds: float) -> str:
    """When the day of a time is over.

    >>> next_midnight(86_399.9), next_midnight(86_400.0)
    ('1970-01-02T00:00:00Z', '1970-01-03T00:00:00Z')
    """
    return utc_time((seconds // _DAY_SECONDS + 1) * _DAY_SECONDS)
