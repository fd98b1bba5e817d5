"""The rule files share one room of names: none means two things, and what serves one file alone stands there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[3]
FILES = {file.stem: file.read_text(encoding="utf-8") for file in (ROOT / "rules").glob("*.smk")}
FILES["Snakefile"] = (ROOT / "Snakefile").read_text(encoding="utf-8")
GIVEN = re.compile(r"^(?:def )?(\w+)(?: = |\()", re.MULTILINE)
"""What a file gives a name to, at the beginning of a line."""


def names_given(file: str) -> set[str]:
    """The names of a file's functions and values."""
    return set(GIVEN.findall(FILES[file]))


def test_a_name_is_given_by_one_rule_file_alone():
    """A function of a file looks its names up when a job is made, and would find another file's."""
    counted = Counter(name for file in FILES for name in names_given(file))
    assert [name for name, files in counted.items() if files > 1] == []
    assert {"given", "CODE", "media_files"} <= set(counted)


def test_what_is_common_serves_several_files_or_what_is_common():
    for name in names_given("common"):
        used = Counter({file: len(re.findall(rf"\b{name}\b", text)) for file, text in FILES.items()})
        assert used["common"] > 1 or sum(map(bool, used.values())) > 2, f"{name} serves one file alone"
