"""State that many processes share: no change is lost, a killed holder holds nobody up, a damaged file is told or counts as none."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.lock import EXPIRY_SECONDS, Lock, file_lock
from trailerflow.shared_state import SharedState, _Waiting
from unit.processes import in_processes


@dataclass(frozen=True)
class Count:
    number: int = 0
    name: str = ""


def positive(count: Count) -> Count:
    if count.number < 0:
        raise ValueError("no count is below nought")
    return count


def shared(folder: Path, damaged: str | None = None) -> SharedState[Count]:
    return SharedState(folder / "a.b.json", Count, positive, damaged)


def one_more(count: Count) -> tuple[Count, int]:
    return Count(count.number + 1, count.name), count.number


def count_on(folder: Path, times: int) -> None:
    for _ in range(times):
        shared(folder).change(one_more)


def test_a_state_is_changed_written_and_read(tmp_path):
    state = shared(tmp_path / "made/for it")
    assert state.read() == Count()
    assert state.change(lambda count: (Count(3, "Amélie"), "told")) == "told"
    assert shared(tmp_path / "made/for it").read() == Count(3, "Amélie")
    assert [path.name for path in (tmp_path / "made/for it").iterdir()] == ["a.b.json"]


def test_a_change_that_raises_leaves_the_state_as_it_was(tmp_path):
    shared(tmp_path).change(one_more)

    def refused(count: Count) -> tuple[Count, None]:
        raise LookupError

    with pytest.raises(LookupError):
        shared(tmp_path).change(refused)
    assert shared(tmp_path).read() == Count(1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.b.json"]


# ---- threads side by side


def test_changes_that_wait_together_are_written_together_and_each_gets_its_own(tmp_path, monkeypatch):
    state, written, held = shared(tmp_path), [], threading.Event()
    write_json = Lock.write_json

    def counted(lock: Lock, path: Path, document: object) -> None:
        written.append(document)
        write_json(lock, path, document)

    monkeypatch.setattr(Lock, "write_json", counted)

    def slow(count: Count) -> tuple[Count, int]:
        held.set()
        deadline = time.monotonic() + 10
        while len(state._waiting) < 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        return one_more(count)

    def refused(count: Count) -> tuple[Count, int]:
        raise LookupError

    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(state.change, slow)
        assert held.wait(10)
        others = [pool.submit(state.change, refused if number == 7 else one_more) for number in range(20)]
    assert isinstance(others.pop(7).exception(), LookupError)
    assert sorted(each.result() for each in (first, *others)) == list(range(20))
    assert (len(written), state.read()) == (2, Count(20))


def test_a_change_in_place_that_raises_leaves_nothing_to_the_next(tmp_path):
    @dataclass
    class Numbers:
        all: list[int] = field(default_factory=list)

    state = SharedState(tmp_path / "a.json", Numbers)

    def refused(numbers: Numbers) -> tuple[Numbers, None]:
        numbers.all.append(1)
        raise LookupError

    batch = [_Waiting(refused), _Waiting(lambda numbers: (Numbers([*numbers.all, 2]), None))]
    state._write(batch)
    assert isinstance(batch[0].error, LookupError)
    assert state.read() == Numbers([2])


def test_patient_changes_are_all_made_and_their_results_given(tmp_path):
    state = shared(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = [pool.submit(state.change, one_more, is_patient=number % 3 > 0) for number in range(300)]
    assert sorted(each.result() for each in made) == list(range(300))
    assert state.read() == state.recent() == Count(300)


def test_a_recent_state_has_all_own_changes_and_soon_those_of_others(tmp_path):
    one, other = shared(tmp_path), shared(tmp_path)
    assert one.recent() == Count(0)
    one.change(one_more)
    assert one.recent() == Count(1)
    other.change(one_more)
    deadline = time.monotonic() + 20
    while one.recent() != Count(2) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert one.recent() == Count(2)


def test_a_lock_that_cannot_be_had_is_told_to_everybody_who_waits(tmp_path):
    (tmp_path / "a.b.json").write_bytes(b"no state")
    state = shared(tmp_path, damaged="The account is damaged.")
    with ThreadPoolExecutor(4) as pool:
        faults = [made.exception() for made in [pool.submit(state.change, one_more) for _ in range(4)]]
    assert [str(fault) for fault in faults] == ["The account is damaged."] * 4


# ---- processes side by side


def test_changes_of_many_processes_are_all_counted(tmp_path):
    in_processes(4, count_on, tmp_path, 20)
    assert shared(tmp_path).read() == Count(80)
    assert [path.name for path in tmp_path.iterdir()] == ["a.b.json"]


def test_a_change_that_was_lost_is_made_again_on_what_is_there_now(tmp_path):
    seen = []

    def slow(count: Count) -> tuple[Count, str]:
        seen.append(count.number)
        if len(seen) == 1:  # somebody else writes while this holder sleeps
            old = time.time() - EXPIRY_SECONDS - 1
            os.utime(tmp_path / "a.b.lock", (old, old))
            with file_lock(tmp_path / "a.b.lock") as held:
                held.write_json(tmp_path / "a.b.json", {"number": 5000})
        return Count(count.number + 10), "done"

    assert shared(tmp_path).change(slow) == "done"
    assert (seen, shared(tmp_path).read()) == ([0, 5000], Count(5010))


def hang_with_the_lock(folder: Path) -> None:
    def hang(count: Count) -> tuple[Count, None]:
        (folder / "begun").touch()
        time.sleep(60)
        return Count(999), None

    shared(folder).change(hang)


def test_a_holder_that_was_killed_holds_nobody_up_and_changed_nothing(tmp_path):
    shared(tmp_path).change(one_more)
    holder = multiprocessing.Process(target=hang_with_the_lock, args=(tmp_path,))
    holder.start()
    deadline = time.monotonic() + 20
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (tmp_path / "a.b.lock").exists()
    holder.kill()
    holder.join()
    assert holder.exitcode == -signal.SIGKILL
    start = time.monotonic()
    shared(tmp_path).change(one_more)
    assert time.monotonic() - start < 5
    assert shared(tmp_path).read() == Count(2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.b.json", "begun"]


# ---- a file that nobody wrote

DAMAGED = [
    b"",
    b'{"number": 1',
    b"[1]",
    b'"a"',
    b"\xff\xfe",
    b'{"other": 1}',
    b'{"number": "one"}',
    b'{"number": -1}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("data", DAMAGED, ids=lambda data: repr(data[:20]))
def test_a_damaged_state_counts_as_none(tmp_path, data):
    (tmp_path / "a.b.json").write_bytes(data)
    assert shared(tmp_path).read() == Count()
    shared(tmp_path).change(one_more)
    assert json.loads((tmp_path / "a.b.json").read_text()) == {"number": 1, "name": ""}


@pytest.mark.parametrize("data", DAMAGED, ids=lambda data: repr(data[:20]))
def test_a_damaged_state_is_told_where_it_must_not_be_lost(tmp_path, data):
    (tmp_path / "a.b.json").write_bytes(data)
    state = shared(tmp_path, damaged="The account is damaged; restore it.")
    for use in (state.read, lambda: state.change(one_more)):
        with pytest.raises(TrailerflowError, match=r"^The account is damaged; restore it\.$"):
            use()
    assert (tmp_path / "a.b.json").read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["a.b.json"]


def test_a_file_that_is_not_there_is_no_damage(tmp_path):
    assert shared(tmp_path, damaged="The account is damaged.").read() == Count()


def test_a_number_that_no_clock_can_hold_is_damage(tmp_path):
    (tmp_path / "a.b.json").write_text(json.dumps({"number": 10**390}))
    assert (
        SharedState(tmp_path / "a.b.json", Count, lambda count: Count(int(float(count.number)))).read()
        == Count()
    )


def test_a_state_that_can_be_put_right_is(tmp_path):
    state = SharedState(tmp_path / "a.json", Count, lambda count: Count(min(count.number, 7), count.name))
    (tmp_path / "a.json").write_text('{"number": 70, "name": "x"}')
    assert state.read() == Count(7, "x")
    assert state.change(one_more) == 7
