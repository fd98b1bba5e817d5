"""The linters and the type checker are part of the tests."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from trailerflow.register import OUTCOMES

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


CHECKS = re.search(r"^check: \$\(VENV\).*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)


def commands() -> list[list[str]]:
    """What `make check` runs, without setting up an environment."""
    assert CHECKS
    return [shlex.split(line.removeprefix("\t@")) for line in CHECKS[1].splitlines()]


def test_style_types_and_rules_are_checked():
    assert {command[0] for command in commands()} == {"ruff", "mypy", "snakefmt", "snakemake"}


@pytest.mark.parametrize("command", commands(), ids=lambda command: " ".join(command[:2]))
def test_clean(command):
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


def test_every_rule_has_a_docstring_a_log_and_a_script_of_its_name():
    for file in (ROOT / "rules").glob("*.smk"):
        blocks = [
            part for word in ("rule ", "checkpoint ") for part in file.read_text().split(f"\n{word}")[1:]
        ]
        for block in blocks:
            name = block.split(":", 1)[0]
            assert block.split("\n")[1].strip().startswith('"""'), name
            assert f"logs/{name}" in block, name
            # The program of a movie runs in an interpreter that is warm.
            served = name in OUTCOMES
            program = f"-I -S $CODE/served.py {name} " if served else f"$CODE/{name}.py"
            assert f"python {program}".replace("$CODE", '"$TRAILERFLOW_CODE"/scripts') in block, name
            assert (ROOT / "scripts" / f"{name}.py").is_file()
