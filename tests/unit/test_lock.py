"""A lock's holder that was taken for dead can write nothing; long work is waited for and done once."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import threading
import time
from pathlib import Path

import pytest

from trailerflow import lock
from trailerflow.errors import TrailerflowError
from trailerflow.files import json_bytes
from trailerflow.lock import EXPIRY_SECONDS, LockLostError, file_lock, long_lock, work_under


def expire(path: Path) -> None:
    """Make a lock as old as if its holder had slept."""
    old = time.time() - EXPIRY_SECONDS - 1
    os.utime(path, (old, old))


def test_a_holder_writes_in_one_step_and_leaves_nothing_else(tmp_path):
    with file_lock(tmp_path / "lock") as held:
        held.write_json(tmp_path / "state.json", {"tokens": 7})
    assert json.loads((tmp_path / "state.json").read_text()) == {"tokens": 7}
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
    assert (tmp_path / "state.json").stat().st_mode & 0o777 == 0o600


def test_a_holder_that_slept_writes_nothing_over_what_came_since(tmp_path):
    path, state = tmp_path / "lock", tmp_path / "state.json"
    with file_lock(path) as asleep:
        expire(path)
        with file_lock(path) as awake:
            awake.write_json(state, {"tokens": 5000})
        with pytest.raises(LockLostError):
            asleep.write_json(state, {"tokens": 10})
    assert json.loads(state.read_text()) == {"tokens": 5000}


def test_a_holder_that_slept_in_the_middle_of_its_writing_writes_nothing_either(tmp_path, monkeypatch):
    path, state = tmp_path / "lock", tmp_path / "state.json"
    replace = os.replace

    def slept(source: Path, target: Path) -> None:
        monkeypatch.setattr(lock.os, "replace", replace)
        expire(path)
        with file_lock(path) as awake:
            awake.write_json(state, {"tokens": 5000})
        replace(source, target)

    with file_lock(path) as asleep:
        monkeypatch.setattr(lock.os, "replace", slept)
        with pytest.raises(LockLostError):
            asleep.write_json(state, {"tokens": 10})
    assert json.loads(state.read_text()) == {"tokens": 5000}


def test_a_holder_that_slept_leaves_the_next_ones_lock_alone(tmp_path):
    path = tmp_path / "lock"
    with file_lock(path):
        expire(path)
        lock._remove_dead(path, time.time())
        path.write_text("another's")
    assert path.read_text() == "another's"


# ---- long work


def test_long_work_is_made_once_and_the_others_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "LONG_POLL_SECONDS", 0.01)
    made: list[int] = []
    found: list[int | None] = []

    def work() -> None:
        with long_lock(tmp_path / "lock", lambda: made[0] if made else None) as result:
            if result is None:
                time.sleep(0.1)
                made.append(os.getpid())
            found.append(result)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [os.getpid()]
    assert sorted(found, key=str) == [os.getpid()] * 3 + [None]
    assert list(tmp_path.iterdir()) == []


def test_what_was_made_just_before_the_lock_was_taken_is_seen(tmp_path):
    with long_lock(tmp_path / "lock", lambda: "made") as result:
        assert result == "made"


def test_work_that_failed_is_done_by_the_next(tmp_path):
    with pytest.raises(ValueError), long_lock(tmp_path / "lock", lambda: None):
        raise ValueError
    with long_lock(tmp_path / "lock", lambda: None) as result:
        assert result is None


def test_the_holder_of_long_work_shows_that_it_lives(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "RENEWAL_SECONDS", 0.01)
    path = tmp_path / "lock"
    with long_lock(path, lambda: None):
        expire(path)
        deadline = time.monotonic() + 10
        while lock._is_expired(path, time.time()) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not lock._is_expired(path, time.time())


def test_a_holder_keeps_no_lock_of_another_alive(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "RENEWAL_SECONDS", 0.01)
    path = tmp_path / "lock"
    with long_lock(path, lambda: None):
        path.write_text(json.dumps({"host": "elsewhere", "pid": 1, "token": "0" * 16}))
        expire(path)
        time.sleep(0.1)
        assert lock._is_expired(path, time.time())
    assert path.exists()


def test_a_dead_process_of_another_machine_is_not_told_by_its_number(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.1)
    gone = multiprocessing.Process(target=print)
    gone.start()
    gone.join()
    path = tmp_path / "lock"
    path.write_text(json.dumps({"host": "elsewhere", "pid": gone.pid, "token": "0" * 16}))
    with pytest.raises(TrailerflowError), file_lock(path):
        pass
    assert path.exists()


def test_the_lock_of_work_becomes_what_was_made(tmp_path):
    path, made = tmp_path / "locks/lock", tmp_path / "made/of/it.json"
    with work_under(path, lambda: None) as work:
        work.write(made, b"x" * 10)
        assert made.read_bytes() == b"x" * 10
        assert not path.exists()
        path.write_text("another's")
    assert path.read_text() == "another's"
    assert made.stat().st_mode & 0o777 == 0o600
    assert {each.name for each in tmp_path.rglob("*") if each.is_file()} == {"lock", "it.json"}


def test_what_was_made_under_a_lock_that_was_taken_away_is_kept_and_the_other_goes_on(tmp_path):
    path = tmp_path / "lock"
    with work_under(path, lambda: None) as asleep:
        expire(path)
        with work_under(path, lambda: None) as awake:
            asleep.write(tmp_path / "first", b"asleep")
            awake.write(tmp_path / "second", b"awake")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {
        "first": b"asleep", "second": b"awake",
    }  # fmt: skip


def test_work_that_cannot_be_written_names_its_file_and_leaves_no_lock(tmp_path, monkeypatch):
    path = tmp_path / "lock"

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="made"), work_under(path, lambda: None) as work:
        monkeypatch.setattr(Path, "rename", full)
        work.write(tmp_path / "made", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_document_is_readable_json_in_utf8():
    assert (
        json_bytes({"name": "Amélie", "list": [1]})
        == '{\n "name": "Amélie",\n "list": [\n  1\n ]\n}\n'.encode()
    )
