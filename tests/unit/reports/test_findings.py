"""Findings are worded by intervals."""

from __future__ import annotations

from trailerflow.reports.findings import compared


def test_an_interval_is_compared_by_its_bounds() -> None:
    assert compared(0.1, 0.2, 0.3, 0.4) == "lies below"
    assert compared(0.5, 0.6, 0.3, 0.4) == "lies above"
    assert compared(0.35, 0.6, 0.3, 0.4) == "cannot be told from"
    assert compared(float("nan"), 0.6, 0.3, 0.4) == "has no interval to be compared with"
