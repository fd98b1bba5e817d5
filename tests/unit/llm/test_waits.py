"""How long a service asks to wait, in the forms of the services; what is beyond reason says nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.llm import waits
from trailerflow.llm.waits import span_seconds, wait_seconds

NOW = 1_800_000_000.0
DAYS_30 = 30 * 86_400.0


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits.time, "time", lambda: NOW)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2h59m56s", 10_796), ("1h2m", 3720), ("33011.382867", 33011.382867), ("6m0s", 360), ("12ms", 0.012), ("5000000us", 5), ("5000000µs", 5), ("5000000000ns", 5), ("7", 7),
        ("1d", 86_400), ("1 minute", 60), ("2 hours, 3 minutes", 7380), (" 1.5s ", 1.5), ("-5", 0), ("0", 0),
        (f"{NOW + 100:.0f}", 100), (f"{(NOW + 100) * 1000:.0f}", 100), (f"{NOW - 100:.0f}", 0),
        ("2027-01-15T08:01:40Z", 100), ("2027-01-15T09:01:40+01:00", 100), ("2027-01-15T08:01:40", 100),
        (f"{DAYS_30:.0f}", DAYS_30),
    ],
)  # fmt: skip
def test_spans_and_dates(text, seconds):
    assert span_seconds(text) == pytest.approx(seconds, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "inf", "-inf", "nan", "1e400", "7 apples", "s", "59027000000000000", f"{DAYS_30 + 1:.0f}", "31d",
     "9999-12-31T00:00:00Z", f"{(NOW + 10 * DAYS_30) * 1000:.0f}"],
)  # fmt: skip
def test_what_is_no_wait_or_beyond_reason_says_nothing(text):
    assert span_seconds(text) is None


@given(st.text())
def test_any_header_is_a_wait_within_reason_or_none(text):
    seconds = span_seconds(text)
    assert seconds is None or 0 <= seconds <= DAYS_30


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Please retry in 11h32m5.5s.", 41_525.5),
        ("Please try again in 1.2s.", 1.2),
        ("Please try again in 7m12.3s. Visit", 432.3),
        ("Please wait 30 seconds before your next request", 30),
        ("retry after 1 minute and 20 seconds", 80),
        ("Please retry after 26 seconds.", 26),
        ("Please try again in 20ms", 0.02),
        ("The limit will reset in 2 hours", 7200),
        ("Limit 8000, Requested 9100, please reduce your message", None),
        ("Try again later", None),
    ],
)
def test_waits_in_words(words, seconds):
    assert wait_seconds({}, None, words) == seconds


@pytest.mark.parametrize(
    ("headers", "document", "seconds"),
    [
        ({"retry-after": "12"}, None, 12),
        ({"retry-after": "12"}, {"error": {"retry_after": 3}}, 12),
        ({"retry-after": "Fri, 15 Jan 2027 08:01:40 GMT"}, None, 100),
        ({"retry-after": f"{NOW + 100:.0f}"}, None, 100),
        ({"retry-after": "inf"}, None, None),
        ({"retry-after": "soon", "retry-after-ms": "1500"}, None, 1.5),
        ({}, [{"error": {"details": [{"@type": "RetryInfo", "retryDelay": "39s"}]}}], 39),
        ({}, {"error": {"metadata": {"headers": {"X-RateLimit-Reset": f"{(NOW + 50) * 1000:.0f}"}}}}, 50),
        ({}, {"retry_after": 3.5}, 3.5),
        ({}, {"retry_after": True}, None),
        ({}, {"retry_after": [1]}, None),
        ({}, {"retry_after": None, "error": {"retry_after": 4}}, 4),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "2m"}, None, 120),
        ({"x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "2m"}, None, None),
        (
            {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "2m",
             "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "3m"}, None, 180,
        ),
        ({"x-ratelimit-reset": f"{NOW + 70:.0f}"}, None, 70),
        ({"x-ratelimit-reset": "59027000000000000"}, None, None),
    ],
)  # fmt: skip
def test_waits_in_headers_and_documents(monkeypatch, headers, document, seconds):
    monkeypatch.setattr("trailerflow.retry.time.time", lambda: NOW)
    assert wait_seconds(headers, document, "") == (
        None if seconds is None else pytest.approx(seconds, abs=0.01)
    )


def test_the_clock_is_the_machines(monkeypatch):
    monkeypatch.undo()
    assert span_seconds(f"{time.time() + 50:.3f}") == pytest.approx(50, abs=1)
