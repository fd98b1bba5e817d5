"""The commands that contributors, pre-commit and GitHub's machines are given exist, and a release has one number everywhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import trailerflow
from trailerflow.register import STAGES

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^(\w+): \$\(VENV\)", MAKEFILE, re.MULTILINE))
SHOWN = [
    "README.md",
    "CONTRIBUTING.md",
    ".pre-commit-config.yaml",
    ".github/workflows/check.yaml",
    ".ci/run",
]


def make_targets(file: str) -> set[str]:
    """Targets of the `make` commands in a file: in backticks or fences, or as what a hook or a step runs."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return set(re.findall(r"(?:^|`|entry: |run: |exec )make (\w+)", text, re.MULTILINE))


def test_the_makefile_has_the_targets_that_it_declares():
    declared = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert declared
    assert set(declared[1].split()) == TARGETS


@pytest.mark.parametrize("file", SHOWN)
def test_every_make_command_that_is_shown_is_a_target(file):
    named = make_targets(file)
    assert named
    assert named <= TARGETS


def selections() -> dict[str, list[str]]:
    """The tests that CONTRIBUTING names for a change of each part."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r'^\| ([^|]+) \| `make test TESTS="?([^"`]+)"?` \|$', text, re.MULTILINE)
    return {part: paths.split() for part, paths in rows}


def test_every_stage_has_its_tests():
    assert set(STAGES) <= set(selections())


@pytest.mark.parametrize("part", selections())
def test_every_selected_test_is_there(part):
    assert [path for path in selections()[part] if not (ROOT / path).exists()] == []


def test_hooks_and_github_run_the_commands_of_the_makefile_and_nothing_else():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    entries = [hook["entry"] for repository in hooks for hook in repository["hooks"]]
    assert entries == ["make check", "make quick"]
    assert {repository["repo"] for repository in hooks} == {"local"}
    steps = yaml.safe_load((ROOT / ".github/workflows/check.yaml").read_text(encoding="utf-8"))["jobs"][
        "check"
    ]["steps"]
    assert [step["run"].split()[:2] for step in steps if "run" in step] == [
        ["make", "check"],
        ["make", "quick"],
        ["make", "test"],
    ]


def test_a_release_has_one_number_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## \[(\d.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    tags = {tag for page in pages for tag in re.findall(r'tag="v([\d.]+)"', page.read_text(encoding="utf-8"))}
    assert newest
    assert {project["version"], citation["version"], newest[1], *tags} == {trailerflow.__version__}


def test_the_citation_names_the_licence_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["license"] == project["license"]
    assert citation["cff-version"] == "1.2.0"
