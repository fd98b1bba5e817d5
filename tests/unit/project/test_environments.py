"""The pinned environments agree with each other."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]


def project_pins() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return dict(pin(line) for line in listed)


def pin(line: str) -> tuple[str, str]:
    requirement = Requirement(line)
    (specifier,) = requirement.specifier
    assert specifier.operator == "==", line
    return canonicalize_name(requirement.name), specifier.version


def test_pip_pins_are_the_projects():
    lines = (ROOT / "envs/pip.txt").read_text().splitlines()
    pinned = dict(pin(line) for line in lines if line and not line.startswith("#"))
    for name, version in project_pins().items():
        assert pinned[name] == version, name


def test_conda_pins_are_the_projects():
    pins = project_pins()
    files = sorted((ROOT / "envs").glob("*.yaml"))
    assert len(files) == 6
    for file in files:
        *_, pip = yaml.safe_load(file.read_text())["dependencies"]
        for line in pip["pip"]:
            name, version = pin(line)
            assert pins[name] == version, (file.name, name)


def test_every_rules_environment_exists():
    for rules in (ROOT / "rules").glob("*.smk"):
        for line in rules.read_text().splitlines():
            if "../envs/" in line:
                assert (rules.parent / line.strip().strip('"')).resolve().is_file(), (rules.name, line)
