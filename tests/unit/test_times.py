"""Times of outcomes and marks, at their edges."""

from __future__ import annotations

import time

from trailerflow.times import next_midnight, utc_day, utc_time, utc_time_after

NOON = 1_793_880_000.0  # 2026-11-05T12:00:00Z
HALF_A_DAY = 43_200.0


def test_a_time_is_told_in_utc_to_the_second(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    assert (utc_time(NOON), utc_time(NOON + 0.99)) == ("2026-11-05T12:00:00Z", "2026-11-05T12:00:00Z")
    monkeypatch.undo()
    time.tzset()
    assert utc_time(time.time() - 1) <= utc_time() <= utc_time(time.time() + 1)


def test_who_asks_again_at_the_time_told_comes_after_it():
    assert utc_time_after(NOON + 0.2) == utc_time_after(NOON) == "2026-11-05T12:00:01Z"
    assert utc_time_after(NOON + 1) == "2026-11-05T12:00:02Z"


def test_a_day_ends_at_midnight():
    before, midnight = NOON + HALF_A_DAY - 0.5, NOON + HALF_A_DAY
    assert (utc_day(before), utc_day(midnight)) == ("2026-11-05", "2026-11-06")
    assert (next_midnight(before), next_midnight(midnight)) == (
        "2026-11-06T00:00:00Z",
        "2026-11-07T00:00:00Z",
    )
