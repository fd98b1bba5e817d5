"""The house has one name for a thing: rule file, sub-package, section and page of a stage; tests lie as the package does."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from trailerflow.register import STAGES

ROOT = Path(__file__).parents[3]
UNIT = ROOT / "tests/unit"
BESIDE_THE_PACKAGE = ("benchmarks", "project", "stand_ins")
"""Folders of tests of what is no part of a package: measurements, the checkout, the stand-ins for services."""


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_has_one_name(stage):
    assert (ROOT / f"rules/{stage}.smk").is_file()
    assert (ROOT / f"src/trailerflow/{stage}/__init__.py").is_file()
    assert f'include: "rules/{stage}.smk"' in (ROOT / "Snakefile").read_text()
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    assert stage in config or stage == "costs"  # nothing of costs can be set


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_has_a_page(stage):
    assert (ROOT / f"docs/{stage}.md").is_file()


def test_the_unit_tests_lie_as_the_package_does():
    for path in UNIT.rglob("test_*.py"):
        folder = path.parent.relative_to(UNIT)
        if folder.parts and folder.parts[0] in BESIDE_THE_PACKAGE:
            continue
        if not folder.parts:
            name = path.stem.removeprefix("test_")
            assert (ROOT / f"src/trailerflow/{name}.py").is_file(), path
        elif folder.parts[0] != "snakemake_logger_plugin_trailerflow":
            assert (ROOT / "src/trailerflow" / folder / "__init__.py").is_file(), path
