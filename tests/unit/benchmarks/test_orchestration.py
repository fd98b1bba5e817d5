"""The bench of orchestration: every command of our rules is replaced, and nothing else."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest


@pytest.fixture
def orchestration(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "benchmarks")
    return importlib.import_module("orchestration")


def test_every_command_is_replaced_and_the_rules_stay(orchestration: ModuleType, tmp_path: Path) -> None:
    films = pd.DataFrame({"id": [1], "title": ["Heat"], "year": [1995]})
    spoken = pd.DataFrame({"item_id": [1], "transcript": ["He runs."]})
    orchestration.make_ours(tmp_path / "touch", films, spoken, real=False)
    replaced = "".join(path.read_text() for path in sorted((tmp_path / "touch/rules").glob("*.smk")))
    ours = "".join(path.read_text() for path in sorted((orchestration.ROOT / "rules").glob("*.smk")))
    assert re.findall(r"^rule .*$", replaced, re.MULTILINE) == re.findall(r"^rule .*$", ours, re.MULTILINE)
    assert replaced.count("cp absent.json $made") == ours.count("    shell:\n")
    assert "TRAILERFLOW_CODE" not in replaced
    assert (tmp_path / "touch/media/1.txt").read_text() == "He runs."


def test_the_toy_has_as_many_rules_as_a_film_has_jobs(orchestration: ModuleType, tmp_path: Path) -> None:
    orchestration.make_toy(tmp_path / "toy", ["1", "2"])
    text = (tmp_path / "toy/Snakefile").read_text()
    assert re.findall(r"^rule (\w+):", text, re.MULTILINE) == ["all", *orchestration.RULES, "merge"]


def test_the_cpu_seconds_are_told_by_part(orchestration: ModuleType, tmp_path: Path) -> None:
    spin = "import time\nwhile time.process_time() < {}: pass"
    code = (
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {spin.format(0.4)!r}], check=True)\n"
        + spin.format(0.8)
    )
    cost = orchestration.measured(tmp_path, [sys.executable, "-c", code])
    assert 0.7 < cost.own < 1.3
    assert 0.3 < cost.shells < 0.7
    assert cost.servers == 0
    assert cost.cpu == cost.own + cost.shells
