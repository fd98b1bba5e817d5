"""What is kept is known at the next start, by the last line on a name; damage counts for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.kept_lines import KeptLines


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "run" / "known.jsonl"


def test_the_last_word_on_a_name_is_known_at_the_next_start(memory: Path) -> None:
    lines = KeptLines(memory)
    assert lines.get("a") is None
    for value in (1, [2, "two"]):
        lines.know("a", value)
    lines.know("b", 3, keep=False)
    assert (lines.get("a"), lines.get("b")) == ([2, "two"], 3)
    again = KeptLines(memory)
    assert (again.get("a"), again.get("b")) == ([2, "two"], None)


def test_damaged_lines_count_for_nothing(memory: Path) -> None:
    memory.parent.mkdir()
    memory.write_text('["a", 1]\n["b"\n[1, 2, 3]\n[[], 1]\nnull\n["c", 2]\n')
    lines = KeptLines(memory)
    assert [lines.get(name) for name in "abc"] == [1, None, 2]


def test_of_many_lines_on_one_name_the_last_stays(memory: Path) -> None:
    for number in range(9):
        KeptLines(memory).know("a", number)
    assert len(memory.read_text().splitlines()) <= 5
    assert KeptLines(memory).get("a") == 8
    assert memory.stat().st_mode & 0o777 == 0o600
