"""A copy of the project in a fresh folder, and Snakemake run on it for real."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "config.yaml", "config.schema.yaml", "rules", "scripts", "src", "profiles", "envs", "report")
MODELS = Path(os.environ.get("TRAILERFLOW_TEST_MODELS", ROOT / "resources" / "models"))
"""Fetched models, shared by all tests; the first that needs one fetches it."""


class Workflow:
    """A project of its own in a temporary folder.

    Attributes:
        folder: Its root.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
            else:
                shutil.copy2(source, folder / part)
        shutil.copytree(
            ROOT / "resources", folder / "resources",
            ignore=shutil.ignore_patterns("models", "downloads", "cache"),
        )  # fmt: skip
        downloads = ROOT / "resources" / "downloads"
        if downloads.is_dir():
            (folder / "resources" / "downloads").symlink_to(downloads)
        self.settings: dict = {"models": {"folder": str(MODELS)}}

    def command(self, *arguments: str) -> list[str]:
        (self.folder / "test.yaml").write_text(yaml.safe_dump(self.settings))
        return [
            sys.executable, "-m", "snakemake", "--cores", "2", "--configfile", "test.yaml", *arguments,
        ]  # fmt: skip

    def run(self, *arguments: str, check: bool = True, timeout: float = 900) -> subprocess.CompletedProcess[str]:
        """Run Snakemake in the folder."""
        done = subprocess.run(
            self.command(*arguments), cwd=self.folder, capture_output=True, text=True, timeout=timeout
        )
        if check:
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
        return done

    def jobs(self, *arguments: str) -> dict[str, set[str]]:
        """What a dry run would do: rule to the outputs of its jobs."""
        done = self.run("-n", *arguments)
        jobs: dict[str, set[str]] = {}
        rule = ""
        for line in (done.stdout + done.stderr).splitlines():
            if found := re.match(r"^(?:local)?(?:rule|checkpoint) (\w+):$", line.strip()):
                rule = found.group(1)
                jobs.setdefault(rule, set())
            elif found := re.match(r"^\s+output: (.+)$", line):
                jobs[rule] |= set(found.group(1).split(", "))
        return jobs

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit a file of the project; the text must be there."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def workflow(tmp_path: Path) -> Workflow:
    return Workflow(tmp_path / "project")
