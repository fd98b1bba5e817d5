"""The open web's ground: the lock, the pace, visits that go on, answers that are kept."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow import lock
from trailerflow.answers import AnswerStore, utc_time
from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.lock import EXPIRY_SECONDS, file_lock
from trailerflow.web import pace
from trailerflow.web.pace import SUSPICIONS, Pace, PaceState
from trailerflow.web.visit import LIFETIME_SECONDS, Exchange, Visit

FORK = multiprocessing.get_context("fork")


def in_processes(number: int, work: Any, *arguments: Any) -> None:
    processes = [FORK.Process(target=work, args=arguments) for _ in range(number)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0


def count_up(folder: Path, times: int) -> None:
    counter = folder / "counter"
    for _ in range(times):
        with file_lock(folder / "lock"):
            number = int(counter.read_text())
            time.sleep(0.001)
            counter.write_text(str(number + 1))


def test_a_lock_lets_one_of_eight_processes_in_at_a_time(tmp_path):
    (tmp_path / "counter").write_text("0")
    in_processes(8, count_up, tmp_path, 10)
    assert (tmp_path / "counter").read_text() == "80"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counter"]


def held(path: Path, pid: int, host: str | None = None) -> None:
    path.write_text(json.dumps({"host": host or lock.socket.gethostname(), "pid": pid, "token": "other"}))


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def waits_to_take(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the lock was asked for in vain."""
    waits = []
    monkeypatch.setattr(lock.time, "sleep", waits.append)
    with file_lock(path):
        return len(waits)


def test_the_lock_of_a_dead_holder_is_taken_over_at_once(tmp_path, monkeypatch):
    held(tmp_path / "lock", dead_process())
    assert waits_to_take(tmp_path / "lock", monkeypatch) == 1


def test_an_expired_lock_of_another_machine_is_taken_over_at_once(tmp_path, monkeypatch):
    held(tmp_path / "lock", 1, "elsewhere")
    old = time.time() - EXPIRY_SECONDS - 1
    os.utime(tmp_path / "lock", (old, old))
    assert waits_to_take(tmp_path / "lock", monkeypatch) == 1


def test_a_dead_lock_that_another_has_taken_over_meanwhile_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "lock"
    held(path, dead_process())
    is_dead, living = lock._is_dead, []

    def seen_dead_then_taken_over(path: Path, now: float) -> bool:
        dead = is_dead(path, now)
        if not living:
            path.unlink()
            held(path, os.getpid())
            living.append(path.stat())
        return dead

    monkeypatch.setattr(lock, "_is_dead", seen_dead_then_taken_over)
    lock._remove_dead(path, time.time())
    after = path.stat()
    assert (after.st_ino, after.st_ctime_ns) == (
        living[0].st_ino,
        living[0].st_ctime_ns,
    )  # not moved and back


def test_who_died_while_taking_a_dead_lock_away_holds_nobody_up_for_good(tmp_path, monkeypatch):
    held(tmp_path / "lock", dead_process())
    heir = tmp_path / ".lock.heir"
    heir.touch()
    old = time.time() - EXPIRY_SECONDS - 1
    os.utime(heir, (old, old))
    assert waits_to_take(tmp_path / "lock", monkeypatch) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", [None, "elsewhere"])
def test_the_lock_of_a_living_holder_is_respected(tmp_path, monkeypatch, host):
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.2)
    held(tmp_path / "lock", os.getpid(), host)
    with pytest.raises(TrailerflowError, match="delete it if no run is on"), file_lock(tmp_path / "lock"):
        pass
    assert (tmp_path / "lock").exists()


def test_eight_processes_that_meet_a_dead_lock_still_go_one_at_a_time(tmp_path):
    (tmp_path / "counter").write_text("0")
    held(tmp_path / "lock", dead_process())
    in_processes(8, count_up, tmp_path, 5)
    assert (tmp_path / "counter").read_text() == "40"


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


def test_a_damaged_state_counts_as_none(tmp_path):
    (tmp_path / "example.org.json").write_text('{"blocked_until": ')
    site_pace(tmp_path).take_turn()
    state = PaceState(**json.loads((tmp_path / "example.org.json").read_text()))
    assert state.visits == 1


REQUEST = {"url": "https://example.org/watch", "query": {"v": "1"}}
EXCHANGE = Exchange("https://example.org/watch?v=1", 200, {"Content-Type": "text/html"}, b"<html>\n\x00\xff")


def kept_exchange(folder: Path) -> Path:
    Visit(folder, "visit").put(REQUEST, EXCHANGE)
    (file,) = (folder / "visit").iterdir()
    return file


def test_a_visit_goes_on_with_what_it_was_answered_until_it_is_settled(tmp_path):
    visit = Visit(tmp_path, "visit")
    assert visit.get(REQUEST) is None
    kept_exchange(tmp_path)
    assert visit.get(REQUEST) == EXCHANGE
    assert visit.get(REQUEST | {"query": {"v": "2"}}) is None
    visit.settle()
    assert visit.get(REQUEST) is None
    assert not visit.folder.exists()
    visit.settle()


def test_a_visits_answer_expires(tmp_path):
    file = kept_exchange(tmp_path)
    old = time.time() - LIFETIME_SECONDS - 1
    os.utime(file, (old, old))
    assert Visit(tmp_path, "visit").get(REQUEST) is None


@pytest.mark.parametrize(
    "damage",
    [lambda whole: whole[:-1], lambda whole: whole + b"x", lambda whole: b"", lambda whole: b"[1]\n"],
)
def test_a_visits_damaged_answer_is_refused(tmp_path, damage):
    file = kept_exchange(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    assert Visit(tmp_path, "visit").get(REQUEST) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=10,
)


@given(request=st.dictionaries(st.text(), JSON), other=st.dictionaries(st.text(), JSON), answer=JSON)
def test_an_answer_comes_back_as_it_was_and_for_its_request_alone(request, other, answer):
    with tempfile.TemporaryDirectory() as folder:
        store = AnswerStore(Path(folder))
        put = store.put(request, answer)
        assert store.get(request) == put
        assert put.answer == answer
        assert (store.get(other) is not None) == (store.path(other) == store.path(request))


def replaced(old: str, new: str):
    return lambda text: text.replace(old, new)


@pytest.mark.parametrize(
    "damage",
    [replaced("Ada", "Eve"), replaced('"answer"', '"other"'), lambda text: text[:-9], lambda text: "", lambda text: "[]"],
)  # fmt: skip
def test_a_damaged_answer_counts_as_none(tmp_path, damage):
    store = AnswerStore(tmp_path)
    path = store.put({"who": 1}, {"name": "Ada"}).path
    assert store.get({"who": 1}).answer == {"name": "Ada"}
    path.write_text(damage(path.read_text()))
    assert store.get({"who": 1}) is None


def test_answers_from_before_a_time_are_asked_for_again(tmp_path):
    AnswerStore(tmp_path).put({"who": 1}, "Ada")
    assert AnswerStore(tmp_path, utc_time(time.time() + 60)).get({"who": 1}) is None
    assert AnswerStore(tmp_path, utc_time(time.time() - 60)).get({"who": 1}).answer == "Ada"
