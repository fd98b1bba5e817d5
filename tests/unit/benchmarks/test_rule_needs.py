"""The bench of what rules need: every rule is measured, and what the profile asks for stands beside it."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def rule_needs(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "benchmarks")
    return importlib.import_module("rule_needs")


def test_every_rule_with_a_log_is_measured_by_its_name(rule_needs: ModuleType, tmp_path: Path) -> None:
    rule_needs.copy_workflow(tmp_path / "copy", changed=("rules",))
    rule_needs.with_benchmarks(tmp_path / "copy")
    rules = "".join(file.read_text() for file in (tmp_path / "copy/rules").glob("*.smk"))
    assert rules.count("    benchmark:\n") == rules.count("    log:\n") > 40
    assert '        "measured/summarise_movie/{model}/{way}/{movie}.tsv"\n' in rules
    assert not (tmp_path / "copy/resources/cache").exists()


def test_the_most_of_a_rule_beside_what_is_asked(rule_needs: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "find_trailer").mkdir()
    for name, seconds, megabytes in (("1", 3, 40), ("2", 90, "NA")):
        (tmp_path / f"find_trailer/{name}.tsv").write_text(f"s\tmax_rss\n{seconds}\t{megabytes}\n")
    (tmp_path / "merge_transcripts.tsv").write_text("s\tmax_rss\n6\t900.4\n")
    found = rule_needs.needs(tmp_path)
    assert found == {"find_trailer": (2, 40.0, 1.5), "merge_transcripts": (1, 900.4, 0.1)}
    profile = {
        "default-resources": {"mem_mb": "800 * attempt", "runtime": "2 * attempt"},
        "set-resources": {"find_trailer": {"runtime": "1 * attempt"}},
    }
    rows = rule_needs.table(found, profile).splitlines()[2:]
    assert rows == [
        "| find_trailer | 2 | 40 | 800 | 1.5 | 1 | too little |",
        "| merge_transcripts | 1 | 900 | 800 | 0.1 | 2 | too little |",
    ]
