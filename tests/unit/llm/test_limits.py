"""The pace of a hosted model and the budget, on a clock of the test's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.llm import limits
from trailerflow.llm.budget import Budget, Cost
from trailerflow.llm.limits import ModelPace, span_seconds
from trailerflow.llm.model import Limits, Prices

MORNING = 1_700_000_000.0 - 1_700_000_000.0 % 86_400 + 8 * 3600  # 08:00 UTC of some day


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = MORNING

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(0.0, seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    return clock


def pace(folder: Path, **most: int) -> ModelPace:
    return ModelPace(folder / "pace", "m", Limits(**most), "m")


def test_requests_are_spread_evenly_over_the_minute(clock, tmp_path):
    times = [pace(tmp_path, requests_per_minute=30).take_turn(10).time for _ in range(4)]
    assert [round(time - times[0], 2) for time in times] == [0, 2.04, 4.08, 6.12]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(st.tuples(st.integers(1, 400), st.integers(0, 40)), min_size=1, max_size=25),
    most=st.integers(400, 1500),
)
def test_no_minute_holds_more_tokens_than_the_limit(clock, tmp_path_factory, asked, most):
    one = pace(tmp_path_factory.mktemp("pace"), tokens_per_minute=most)
    taken = []
    for tokens, gap in asked:
        clock.now += gap
        taken.append((one.take_turn(tokens).time, tokens))
    for start, _ in taken:
        assert sum(tokens for time, tokens in taken if start <= time < start + 60) <= most


def test_what_a_request_really_took_makes_room(clock, tmp_path):
    one = pace(tmp_path, tokens_per_minute=1000)
    place = one.take_turn(900)
    one.settle(place, 100, {})
    assert one.take_turn(900).time == MORNING
    assert one.take_turn(900).time >= MORNING + 60


def test_a_request_larger_than_a_minute_is_told(clock, tmp_path):
    with pytest.raises(LaterError, match="takes up to 1001 tokens, and the limits of m let 1000 a minute"):
        pace(tmp_path, tokens_per_minute=1000).take_turn(1001)


@pytest.mark.parametrize(
    ("most", "what"), [({"requests_per_day": 2}, "requests"), ({"tokens_per_day": 250}, "tokens")]
)
def test_a_spent_day_is_for_tomorrow(clock, tmp_path, most, what):
    one = pace(tmp_path, **most)
    one.take_turn(100)
    one.take_turn(100)
    with pytest.raises(LaterError, match=f"the {what} of this day to m are spent") as caught:
        one.take_turn(100)
    assert caught.value.earliest == "2023-11-15T00:00:00Z"
    clock.now += 16 * 3600
    assert one.take_turn(100).time == clock.now


def test_a_short_pause_is_waited_out_by_everybody_and_a_long_one_is_for_later(clock, tmp_path):
    pace(tmp_path).pause(40, "429")
    assert pace(tmp_path).take_turn(1).time == MORNING + 40
    assert clock.now == MORNING + 40
    pace(tmp_path).pause(3600, "429: the day's tokens are spent")
    with pytest.raises(
        LaterError, match=r"m is not to be asked now .429: the day's tokens are spent"
    ) as caught:
        pace(tmp_path).take_turn(1)
    assert caught.value.earliest == "2023-11-14T09:00:41Z"


def test_who_waited_when_a_pause_began_leaves_in_turn_after_it(clock, tmp_path, monkeypatch):
    one = pace(tmp_path, requests_per_minute=60, tokens_per_minute=1000, requests_per_day=2)
    one.take_turn(10)
    sleep = clock.sleep

    def sleep_through_the_start_of_a_pause(seconds: float) -> None:
        monkeypatch.setattr(clock, "sleep", sleep)
        one.pause(30, "slow down")
        sleep(seconds)

    monkeypatch.setattr(clock, "sleep", sleep_through_the_start_of_a_pause)
    assert one.take_turn(10).time == MORNING + 30  # and the place given back counts for no day
    with pytest.raises(LaterError, match="requests of this day"):
        one.take_turn(10)


def test_the_servers_own_count_of_tokens_is_kept_to(clock, tmp_path):
    one = pace(tmp_path)
    place = one.take_turn(100)
    one.settle(place, 100, {"x-ratelimit-remaining-tokens": "150", "x-ratelimit-reset-tokens": "30s"})
    assert one.take_turn(100).time == MORNING
    assert one.take_turn(100).time == MORNING + 30


def test_no_requests_left_is_a_pause(clock, tmp_path):
    one = pace(tmp_path)
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m12s"}
    one.settle(one.take_turn(1), 1, headers)
    assert one.take_turn(1).time == MORNING + 72


def test_a_damaged_state_is_none(clock, tmp_path):
    one = pace(tmp_path, requests_per_minute=1)
    one.take_turn(1)
    for damaged in ("{", "[" * 100_000):
        (tmp_path / "pace/m.json").write_text(damaged)
        assert one.take_turn(1).time == MORNING


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7.66s", 7.66),
        ("2m59.56s", 179.56),
        ("6m0s", 360),
        ("12ms", 0.012),
        ("1h2m", 3720),
        ("3", 3),
        ("", None),
    ],
)
def test_lengths_of_time(text, seconds):
    assert span_seconds(text) == (seconds if seconds is None else pytest.approx(seconds))


@given(st.text(max_size=12))
def test_any_text_is_a_length_of_time_or_none(text):
    seconds = span_seconds(text)
    assert seconds is None or seconds >= 0


# ---- the budget


def budget(folder: Path, **most: Any) -> Budget:
    return Budget(folder / "budget.json", most.get("usd"), most.get("tokens"))


def test_the_budget_stops_before_it_is_passed(tmp_path):
    one = budget(tmp_path, usd=1.0)
    one.set_aside(Cost(100, 0.6))
    with pytest.raises(LaterError, match=r"budget of 1 USD would be passed \(0.6000 USD are spent\)"):
        one.set_aside(Cost(100, 0.5))
    one.settle(Cost(100, 0.6), Cost(50, 0.3))
    one.set_aside(Cost(100, 0.5))
    assert one.spent() == Cost(150, 0.8)


def test_a_budget_of_tokens_is_shared_by_all_who_use_the_cache(tmp_path):
    budget(tmp_path, tokens=1000).set_aside(Cost(900, 0))
    with pytest.raises(LaterError, match="budget of 1000 tokens would be passed"):
        budget(tmp_path, tokens=1000).set_aside(Cost(101, 0))


def test_prices_are_for_a_million_tokens():
    assert Prices(0.5, 2.0, "2026-11-23").cost(1_000_000, 250_000) == pytest.approx(1.0)


# ---- times that nobody believes


def state(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "pace/m.json").read_text())


def put(folder: Path, **parts: Any) -> None:
    (folder / "pace").mkdir()
    (folder / "pace/m.json").write_text(json.dumps(parts))


DAY = 86_400.0


@pytest.mark.parametrize(
    "parts",
    [
        {"next_request": MORNING + 30 * DAY, "written": MORNING + 30 * DAY},
        {"next_request": MORNING + 30 * DAY},
        {"next_request": MORNING + 6.1 * 3600},
        {"paused_until": MORNING + 60 * 365 * DAY, "reason": "x"},
        {"paused_until": MORNING + 30 * DAY, "written": MORNING + 29 * DAY},
        {"spans": [[MORNING + 30 * DAY, 99]]},
        {"tokens_left": 0, "tokens_reset": MORNING + 60 * 365 * DAY},
        {"next_request": float("inf")},
        {"next_request": float("nan")},
        {"next_request": "soon"},
        {"spans": [["x", 1]]},
        {"spans": 7},
        {"spans": [[1]]},
        {"spans": [[1, 2, 3]]},
        {"day_tokens": 10**390},
        {"day_requests": None},
    ],
)
def test_times_beyond_reason_are_dropped(clock, tmp_path, parts):
    put(tmp_path, **parts)
    place = pace(tmp_path, requests_per_minute=30, tokens_per_minute=100).take_turn(10)
    assert place.time == MORNING
    assert state(tmp_path)["next_request"] == pytest.approx(MORNING + 2.04)
    assert state(tmp_path)["written"] == MORNING


@pytest.mark.parametrize(
    "parts", [{"next_request": MORNING + 30 * DAY}, {"paused_until": MORNING + 31 * DAY, "reason": "x"}]
)
def test_a_time_that_is_dropped_is_told(clock, tmp_path, parts, capsys):
    put(tmp_path, **parts)
    pace(tmp_path).take_turn(10)
    assert "is beyond reason and is dropped." in capsys.readouterr().err


def test_a_clock_that_was_ahead_is_told(clock, tmp_path, capsys):
    put(tmp_path, written=MORNING + 301)
    pace(tmp_path).take_turn(10)
    assert "which is still to come; it begins anew." in capsys.readouterr().err


@pytest.mark.parametrize(
    "parts",
    [
        {"next_request": MORNING + 50, "written": MORNING + 299},
        {"next_request": MORNING + 5.9 * 3600},
    ],
)
def test_times_within_reason_are_kept(clock, tmp_path, parts):
    put(tmp_path, **parts)
    assert pace(tmp_path, requests_per_minute=30).take_turn(10).time == parts["next_request"]


def test_a_pause_of_days_is_kept(clock, tmp_path):
    put(tmp_path, paused_until=MORNING + 29 * DAY, reason="the month is spent")
    with pytest.raises(LaterError, match="the month is spent") as caught:
        pace(tmp_path).take_turn(10)
    assert caught.value.earliest == limits.utc_time(MORNING + 29 * DAY + 1)


# ---- what the server says is left


def headers(what: str, left: str, reset: str) -> dict[str, str]:
    return {f"x-ratelimit-remaining-{what}": left, f"x-ratelimit-reset-{what}": reset}


@pytest.mark.parametrize("reset", ["2h59m56s", "1h2m", "33011.382867", "91s", str((MORNING + 5000) * 1000)])
def test_tokens_that_come_back_too_late_are_for_later(clock, tmp_path, monkeypatch, reset):
    monkeypatch.setattr("trailerflow.llm.waits.time", clock)
    one = pace(tmp_path)
    one.settle(one.take_turn(10), 10, headers("tokens", "10", reset))
    with pytest.raises(LaterError, match="10 tokens are left") as caught:
        one.take_turn(11)
    assert caught.value.earliest > limits.utc_time(MORNING + 90)
    assert one.take_turn(10).time == MORNING  # a smaller one has room
    assert clock.now == MORNING


def test_tokens_that_come_back_soon_are_waited_for(clock, tmp_path):
    one = pace(tmp_path)
    one.settle(one.take_turn(10), 10, headers("tokens", "10", "90s"))
    assert one.take_turn(11).time == MORNING + 90


@pytest.mark.parametrize("reset", ["59027000000000000", "inf", "nan", "soon", "", "-1e999"])
@pytest.mark.parametrize("what", ["tokens", "requests"])
def test_a_reset_beyond_reason_changes_nothing(clock, tmp_path, what, reset):
    one = pace(tmp_path)
    one.settle(one.take_turn(10), 10, headers(what, "0", reset))
    assert one.take_turn(10).time == MORNING


@pytest.mark.parametrize("left", ["inf", "nan", "x", ""])
def test_a_rest_that_is_no_number_changes_nothing(clock, tmp_path, left):
    one = pace(tmp_path)
    one.settle(one.take_turn(10), 10, headers("tokens", left, "60s"))
    assert one.take_turn(10).time == MORNING


def test_requests_that_come_back_too_late_are_for_later(clock, tmp_path):
    one = pace(tmp_path)
    one.settle(one.take_turn(10), 10, headers("requests", "0", "3h"))
    with pytest.raises(LaterError, match="no requests are left") as caught:
        one.take_turn(10)
    assert caught.value.earliest == limits.utc_time(MORNING + 3 * 3600 + 1)


# ---- the account


@pytest.mark.parametrize(
    "text",
    [
        '{"tokens": 1, "usd": NaN}',
        '{"tokens": "x", "usd": 0}',
        "[]",
        "",
        '{"tokens": 1, "cents": 2}',
        "[" * 9999,
        f'{{"tokens": {10**390}, "usd": 0}}',
    ],
)
def test_a_damaged_account_is_told(tmp_path, text):
    (tmp_path / "budget.json").write_text(text)
    with pytest.raises(TrailerflowError, match=r"budget\.json, the account of what was spent, is damaged"):
        Budget(tmp_path / "budget.json", None, None).set_aside(Cost(1, 0.0))
    assert (tmp_path / "budget.json").read_text() == text


def test_an_account_never_falls_below_nothing(tmp_path):
    account = Budget(tmp_path / "budget.json", 5.0, None)
    account.settle(Cost(10, 1.0), Cost(3, 0.5))
    assert account.spent() == Cost(0, 0.0)


def test_the_budget_may_be_spent_to_its_last_token_and_cent(tmp_path):
    account = Budget(tmp_path / "budget.json", 1.5, 100)
    account.set_aside(Cost(60, 1.0))
    account.set_aside(Cost(40, 0.5))
    with pytest.raises(LaterError, match=r"budget of 1\.5 USD would be passed"):
        account.set_aside(Cost(0, 0.001))
    with pytest.raises(LaterError, match="budget of 100 tokens would be passed"):
        account.set_aside(Cost(1, 0.0))
    account.settle(Cost(40, 0.5), Cost(3, 0.25))
    assert account.spent() == Cost(63, 1.25)


# ---- to the number


def test_tokens_of_the_minute_are_put_right_where_the_answer_was_shorter(clock, tmp_path):
    one = pace(tmp_path, tokens_per_minute=100)
    first = one.take_turn(90)
    one.settle(first, 30, {})
    assert one.take_turn(70).time == MORNING
    assert one.take_turn(1).time == pytest.approx(MORNING + 61.2)


def test_tokens_left_count_until_their_reset_and_no_longer(clock, tmp_path):
    one = pace(tmp_path)
    one.settle(one.take_turn(10), 10, headers("tokens", "10", "30s"))
    clock.now += 29.9
    assert one.take_turn(11).time == pytest.approx(MORNING + 30)
    clock.now = MORNING + 30
    assert one.take_turn(11).time == MORNING + 30


def test_a_reset_at_this_very_moment_holds_nobody_up(clock, tmp_path):
    one = pace(tmp_path)
    one.settle(one.take_turn(10), 10, headers("tokens", "0", "0"))
    assert one.take_turn(10).time == MORNING
    assert state(tmp_path)["tokens_left"] == 0


@pytest.mark.parametrize(("pause", "waits"), [(90.0, True), (90.1, False)])
def test_a_pause_of_ninety_seconds_is_waited_out_and_a_longer_one_is_not(clock, tmp_path, pause, waits):
    one = pace_of = pace(tmp_path)
    pace_of.pause(pause, "slow down")
    if waits:
        assert one.take_turn(10).time == MORNING + 90
        return
    with pytest.raises(LaterError, match="m is not to be asked now \\(slow down\\)"):
        one.take_turn(10)


def test_a_shorter_pause_does_not_end_a_longer_one(clock, tmp_path):
    one = pace(tmp_path)
    one.pause(80, "long")
    one.pause(10, "short")
    assert one.take_turn(10).time == MORNING + 80


@pytest.mark.parametrize(("most", "asked"), [(3, 3), (1, 1)])
def test_a_day_has_exactly_its_requests(clock, tmp_path, most, asked):
    one = pace(tmp_path, requests_per_day=most)
    for _ in range(asked):
        one.take_turn(10)
    with pytest.raises(LaterError, match=f"the requests of this day to m are spent \\({most}\\)") as caught:
        one.take_turn(10)
    assert caught.value.earliest == limits.utc_time(MORNING + 16 * 3600)


def test_a_day_has_exactly_its_tokens(clock, tmp_path):
    one = pace(tmp_path, tokens_per_day=100)
    one.settle(one.take_turn(60), 50, {})
    one.take_turn(50)
    with pytest.raises(LaterError, match=r"the tokens of this day to m are spent \(100\)"):
        one.take_turn(1)
    clock.now += 86_400
    assert one.take_turn(100).time == clock.now


def test_a_request_may_take_exactly_a_minutes_tokens(clock, tmp_path):
    one = pace(tmp_path, tokens_per_minute=100)
    assert one.take_turn(100).time == MORNING
    with pytest.raises(
        limits.TooLargeError, match="takes up to 101 tokens, and the limits of m let 100 a minute"
    ):
        one.take_turn(101)


def test_without_a_limit_a_place_needs_no_change_and_what_the_server_tells_is_kept_afterwards(
    clock, tmp_path
):
    one = pace(tmp_path)
    one.settle(one.take_turn(10), 7, {})
    place = one.take_turn(10)
    assert not (tmp_path / "pace/m.json").exists()
    one.settle(place, 7, {"x-ratelimit-remaining-tokens": "5000", "x-ratelimit-reset-tokens": "2s"})
    state = json.loads((tmp_path / "pace/m.json").read_text())
    assert (state["day_requests"], state["day_tokens"]) == (1, 7)
    one.pause(30, "slow down")
    assert one.take_turn(10).time == clock.now == MORNING + 30
