"""The open web's ground: the lock, and answers that are kept."""

from __future__ import annotations

import json
import os
import socket
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow import lock
from trailerflow.answers import AnswerStore
from trailerflow.errors import TrailerflowError
from trailerflow.lock import EXPIRY_SECONDS, file_lock
from trailerflow.times import utc_time
from unit.processes import in_processes
from unit.sleeping import sleeps_of


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
    path.write_text(json.dumps({"host": host or socket.gethostname(), "pid": pid, "token": "other"}))


DEAD_PROCESS = 2**22 + 1
"""No kernel gives this number; that of a process which ended may be another's a moment later."""


def waits_to_take(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the lock was asked for in vain."""
    waits = sleeps_of(lock, monkeypatch)
    with file_lock(path):
        return len(waits)


def test_the_lock_of_a_dead_holder_is_taken_over_at_once(tmp_path, monkeypatch):
    held(tmp_path / "lock", DEAD_PROCESS)
    assert waits_to_take(tmp_path / "lock", monkeypatch) == 1


def test_an_expired_lock_of_another_machine_is_taken_over_at_once(tmp_path, monkeypatch):
    held(tmp_path / "lock", 1, "elsewhere")
    old = time.time() - EXPIRY_SECONDS - 60
    os.utime(tmp_path / "lock", (old, old))
    assert waits_to_take(tmp_path / "lock", monkeypatch) == 1


def test_a_dead_lock_that_another_has_taken_over_meanwhile_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "lock"
    held(path, DEAD_PROCESS)
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
    held(tmp_path / "lock", DEAD_PROCESS)
    heir = tmp_path / ".lock.heir"
    heir.touch()
    old = time.time() - EXPIRY_SECONDS - 60
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
    held(tmp_path / "lock", DEAD_PROCESS)
    in_processes(8, count_up, tmp_path, 5)
    assert (tmp_path / "counter").read_text() == "40"


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
