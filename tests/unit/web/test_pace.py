"""The pace of a site: pauses and blocks that all processes share, and times that nobody believes."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from trailerflow.errors import LaterError
from trailerflow.times import utc_time
from trailerflow.web import pace
from trailerflow.web.pace import SUSPICIONS, Pace, PaceState
from unit.processes import in_processes
from unit.sleeping import sleeps_of


def site_pace(folder: Path, pause: float = 0.0, visits: int | None = None, blocked: float = 60.0) -> Pace:
    return Pace(folder, "example.org", pause_seconds=pause, visits_per_day=visits, blocked_seconds=blocked)


def take_turns(folder: Path, pause: float, times: int) -> None:
    for _ in range(times):
        site_pace(folder, pause).take_turn()
        (folder / f"{time.time_ns()}-{os.getpid()}.start").touch()


def test_the_pause_is_kept_across_processes(tmp_path):
    pause = 0.06
    began = time.time()
    in_processes(4, take_turns, tmp_path, pause, 5)
    starts = sorted(int(path.name.split("-")[0]) / 1e9 for path in tmp_path.glob("*.start"))
    assert len(starts) == 20
    # A start may be late and so nearer to the next; none is earlier than its turn.
    assert all(start >= began + number * pause for number, start in enumerate(starts))
    assert json.loads((tmp_path / "example.org.json").read_text())["visits"] == 20


@pytest.fixture
def clock(monkeypatch):
    """The wall clock, standing at noon until a test sets it."""
    now = [1_793_880_000.0]  # 2026-11-05T12:00:00Z
    monkeypatch.setattr(pace.time, "time", lambda: now[0])
    assert utc_time(now[0]) == "2026-11-05T12:00:00Z"
    return now


def test_a_spent_daily_budget_names_the_next_midnight_and_is_new_then(tmp_path, clock):
    site = site_pace(tmp_path, visits=2)
    site.take_turn()
    site.take_turn()
    with pytest.raises(LaterError, match=r"example\.org") as error:
        site.take_turn()
    assert error.value.earliest == "2026-11-06T00:00:00Z"
    clock[0] += 12 * 3600
    site.take_turn()


@pytest.mark.parametrize(("named", "earliest"), [(None, "12:01:01Z"), (600.0, "12:10:01Z")])
def test_a_block_stops_everybody_until_its_time(tmp_path, clock, named, earliest):
    error = site_pace(tmp_path).block("429", named)
    assert (error.reason, error.earliest) == (
        "example.org does not let this address in (429)",
        f"2026-11-05T{earliest}",
    )
    for ask in (site_pace(tmp_path).check, site_pace(tmp_path).take_turn):
        with pytest.raises(LaterError) as raised:
            ask()
        assert raised.value.earliest == error.earliest
    clock[0] += (named or 60) + 1
    site_pace(tmp_path).check()
    site_pace(tmp_path).take_turn()


def test_suspicious_answers_in_a_row_are_a_block_and_a_good_one_ends_the_row(tmp_path, clock):
    for _ in range(SUSPICIONS - 1):
        site_pace(tmp_path).suspect("empty")
    site_pace(tmp_path).trust()
    for _ in range(SUSPICIONS - 1):
        site_pace(tmp_path).suspect("empty")
    site_pace(tmp_path).check()
    with pytest.raises(LaterError, match="empty"):
        site_pace(tmp_path).suspect("empty")
    with pytest.raises(LaterError):
        site_pace(tmp_path).check()


def test_after_a_block_the_row_of_suspicious_answers_begins_anew(tmp_path, clock):
    site = site_pace(tmp_path)
    for _ in range(SUSPICIONS - 1):
        site.suspect("empty")
    with pytest.raises(LaterError):
        site.suspect("empty")
    clock[0] += 61
    for _ in range(SUSPICIONS - 1):
        site.suspect("empty")
    site.check()


def test_more_suspicions_than_enough_are_a_block_too(tmp_path, clock):
    (tmp_path / "example.org.json").write_text(json.dumps({"suspicions": SUSPICIONS}))
    with pytest.raises(LaterError, match="empty"):
        site_pace(tmp_path).suspect("empty")


def test_a_block_is_over_at_its_very_end(tmp_path, clock):
    site_pace(tmp_path, blocked=60.0).block("429")
    clock[0] += 59.9
    with pytest.raises(LaterError):
        site_pace(tmp_path).check()
    clock[0] += 0.1
    site_pace(tmp_path).check()


def test_visits_of_a_day_to_come_do_not_count(tmp_path, clock):
    (tmp_path / "example.org.json").write_text(json.dumps({"day": "2026-12-24", "visits": 2}))
    site_pace(tmp_path, visits=2).take_turn()
    assert pace_state(tmp_path).visits == 1


def test_a_daily_budget_that_was_lowered_is_spent_too(tmp_path, clock):
    for _ in range(5):
        site_pace(tmp_path, visits=5).take_turn()
    with pytest.raises(LaterError, match="visits of this day"):
        site_pace(tmp_path, visits=2).take_turn()


@pytest.mark.parametrize(
    "text",
    [
        '{"blocked_until": ',
        "[1]",
        '"a"',
        "[" * 300_000,
        '{"next_visit": "soon"}',
        '{"next_visit": NaN}',
        '{"next_visit": -Infinity}',
        '{"next_visit": true}',
        '{"blocked_until": null}',
        '{"visits": -1}',
        '{"visits": 1.5}',
        '{"suspicions": "1"}',
        '{"reason": 1}',
        '{"day": 1}',
        '{"other": 1}',
        '{"reason": 1, "day": "2026-11-05", "visits": 5}',
        '{"suspicions": -1, "day": "2026-11-05", "visits": 5}',
        '{"blocked_until": NaN, "day": "2026-11-05", "visits": 5}',
    ],
    ids=lambda text: text[:30],
)
def test_a_damaged_state_counts_as_none(tmp_path, clock, text):
    (tmp_path / "example.org.json").write_text(text)
    site_pace(tmp_path).take_turn()
    assert pace_state(tmp_path).visits == 1


def pace_state(folder: Path) -> PaceState:
    return PaceState(**json.loads((folder / "example.org.json").read_text()))


@pytest.mark.parametrize(
    ("pause", "ahead", "slept"),
    [
        (8.0, 3592.0, 3592.0),
        (8.0, 3601.0, 0.0),
        (8.0, 30 * 86_400.0, 0.0),  # as after a clock that was 30 days ahead
        (8.0, 1e300, 0.0),
        (8.0, float("inf"), 0.0),
        (60.0, 5940.0, 5940.0),
        (60.0, 6001.0, 0.0),
        (8.0, -5.0, 0.0),
    ],
)
def test_a_turn_that_is_too_far_away_is_dropped_with_a_note(
    tmp_path, clock, monkeypatch, capsys, pause, ahead, slept
):
    state = {"next_visit": max(0, clock[0] + ahead), "day": "2026-11-05", "visits": 5}
    (tmp_path / "example.org.json").write_text(json.dumps(state))
    waits = sleeps_of(pace, monkeypatch)
    site_pace(tmp_path, pause).take_turn()
    assert [wait for wait in waits if wait != 0.02] == [slept]
    after = pace_state(tmp_path)
    assert after.visits == 6
    assert after.next_visit == clock[0] + slept + pause
    noted = capsys.readouterr().err
    assert ("next_visit is too far in the future" in noted) == (ahead > 0 and not slept)
    assert (str(tmp_path / "example.org.json") in noted) == bool(noted)


@pytest.mark.parametrize(
    ("minutes", "ahead", "blocked"),
    [
        (1, 86_400.0, True),
        (1, 86_401.0, False),
        (1, 57 * 365 * 86_400.0, False),
        (3 * 1440, 3 * 86_400.0, True),
        (3 * 1440, 3 * 86_400.0 + 1, False),
    ],
)
def test_a_block_that_is_too_long_is_dropped_with_a_note(tmp_path, clock, capsys, minutes, ahead, blocked):
    state = {"blocked_until": clock[0] + ahead, "reason": "429", "next_visit": clock[0]}
    (tmp_path / "example.org.json").write_text(json.dumps(state))
    site = site_pace(tmp_path, blocked=minutes * 60)
    if blocked:
        with pytest.raises(LaterError):
            site.check()
        with pytest.raises(LaterError):
            site.take_turn()
        assert capsys.readouterr().err == ""
        return
    site.check()
    assert "blocked_until is too far in the future" in capsys.readouterr().err
    site.take_turn()
    assert pace_state(tmp_path).blocked_until == 0
    capsys.readouterr()
    site.take_turn()
    assert capsys.readouterr().err == "", "it is noted until it is written anew"


def test_a_longer_block_than_a_day_is_asked_again_after_a_day(tmp_path, clock):
    assert site_pace(tmp_path).block("429", 30 * 86_400.0).earliest == "2026-11-06T12:00:01Z"
    assert site_pace(tmp_path, blocked=2 * 86_400.0).block("429").earliest == "2026-11-07T12:00:01Z"


def test_a_state_and_its_folder_are_for_the_owner_alone(tmp_path):
    site_pace(tmp_path / "run" / "pace").take_turn()
    assert [path.name for path in (tmp_path / "run" / "pace").iterdir()] == ["example.org.json"]
    modes = {str(path.relative_to(tmp_path)): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert modes == {"run": 0o700, "run/pace": 0o700, "run/pace/example.org.json": 0o600}


def test_who_slept_through_the_end_of_its_lock_writes_nothing_old(tmp_path, monkeypatch):
    site, others = site_pace(tmp_path), [site_pace(tmp_path), site_pace(tmp_path)]
    reserve = site._reserve

    def sleeping(state: PaceState) -> PaceState:
        reserved = reserve(state)
        if others:
            (tmp_path / "example.org.lock").unlink()  # it was taken for dead, and two others went by
            for paper in tmp_path.glob(".example.org.lock.*.paper"):
                paper.unlink()
            others.pop().take_turn()
            others.pop().take_turn()
        return reserved

    monkeypatch.setattr(site, "_reserve", sleeping)
    site.take_turn()
    assert pace_state(tmp_path).visits == 3
