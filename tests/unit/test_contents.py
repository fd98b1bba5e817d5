"""Contents decide: whatever is written or replaced has another hash, what is only touched has not, and little is read twice."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from trailerflow.contents import Contents

LONG_AGO = (10**9, 10**9)


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "run" / "contents.jsonl"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.srt"
    path.write_text("one")
    return path


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is there has been there for a while."""
    now = time.time_ns
    monkeypatch.setattr("trailerflow.contents.time.time_ns", lambda: now() + 10 * 10**9)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read, in order."""
    names: list[str] = []
    from trailerflow.contents import file_sha256

    def counted(path: Path) -> str:
        names.append(path.name)
        return file_sha256(path)

    monkeypatch.setattr("trailerflow.contents.file_sha256", counted)
    return names


def digest(memory: Path, *paths: Path) -> str:
    """As a start of its own would tell it."""
    return Contents(memory).digest(paths)


def test_what_files_hold_in_their_order(memory, tmp_path):
    one, two = tmp_path / "a", tmp_path / "b"
    one.write_text("1")
    two.write_text("2")
    # sha256 of the two files' sha256 with a line break between them, by sha256sum
    assert digest(memory, one, two) == "882250b2f5623c0d"
    assert digest(memory, one, two) != digest(memory, two, one)
    assert digest(memory, one) != digest(memory, one, two)
    copy = tmp_path / "elsewhere"
    copy.write_text("1")
    assert digest(memory, copy) == digest(memory, one)  # where it lies does not count


def test_an_older_file_of_the_same_size_is_another(memory, film, tmp_path, settled):
    before = digest(memory, film)
    other = tmp_path / "other"
    other.write_text("two")
    os.utime(other, LONG_AGO)
    other.rename(film)
    assert digest(memory, film) != before


def test_the_same_time_and_size_and_yet_another_file(memory, film, settled):
    before, facts = digest(memory, film), film.stat()
    film.write_text("two")
    os.utime(film, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert digest(memory, film) != before


def test_a_touched_file_is_the_same(memory, film, settled, reads):
    before = digest(memory, film)
    os.utime(film, LONG_AGO)
    assert digest(memory, film) == before
    assert len(reads) == 2  # it may have been another


def test_a_file_is_read_once_for_all_starts(memory, film, settled, reads):
    assert len({digest(memory, film) for _ in range(3)}) == 1
    assert reads == ["film.srt"]


def test_a_file_that_changed_just_now_is_read_again(memory, film, reads):
    digest(memory, film)
    digest(memory, film)
    assert reads == ["film.srt", "film.srt"]
    assert not memory.exists()


def test_within_a_start_a_file_is_read_once(memory, film, reads):
    contents = Contents(memory)
    contents.digest([film])
    contents.digest([film, film])
    assert reads == ["film.srt"]


def test_what_cannot_be_read_has_a_hash_of_its_own(memory, film, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    hashes = [digest(memory, path) for path in (film, tmp_path / "none", pipe, tmp_path)]
    assert hashes[2] == hashes[3]
    assert len(set(hashes)) == 3


def test_a_damaged_memory_is_no_fault(memory, film, settled, reads):
    right = digest(memory, film)
    for damaged in (b"\xff\xfe", b"[1, 2]\nnull\n{}\n[[], 3, 4]\n", b'["half'):
        memory.write_bytes(damaged)
        assert digest(memory, film) == right
    assert len(reads) == 4


def test_a_memory_that_cannot_be_written_is_no_fault(film, settled, tmp_path):
    (tmp_path / "run").write_text("a file")
    assert digest(tmp_path / "run" / "contents.jsonl", film)


def test_the_memory_is_for_its_owner_alone_and_does_not_grow_without_end(memory, film, settled):
    for number in range(20):
        film.write_text(str(number))
        last = digest(memory, film)
    assert memory.stat().st_mode & 0o777 == 0o600
    assert len(memory.read_text().splitlines()) <= 5
    path, (identity, _) = json.loads(memory.read_text().splitlines()[-1])
    assert path == str(film)
    assert identity[0] == 2  # "19"
    assert digest(memory, film) == last
