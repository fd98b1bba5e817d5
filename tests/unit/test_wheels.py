"""Wheels are fetched by pip, and what pip says is told in one sentence without secrets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.wheels import download_wheel


class Pip:
    """Stands in for pip, and remembers how it was called."""

    def __init__(self, code: int = 0, output: str = "", errors: str = "") -> None:
        self.done = subprocess.CompletedProcess([], code, output, errors)

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.command, self.options = command, options
        return self.done


def told(monkeypatch: pytest.MonkeyPatch, output: str, errors: str) -> str:
    monkeypatch.setattr(subprocess, "run", Pip(1, output, errors))
    with pytest.raises(TrailerflowError) as caught:
        download_wheel("a==1", Path("x"), seconds=9)
    return str(caught.value)


def test_pip_gets_the_wheel_alone_and_builds_nothing(monkeypatch):
    pip = Pip()
    monkeypatch.setattr(subprocess, "run", pip)
    download_wheel("a==1", Path("x"), "--timeout", "10", seconds=9)
    assert pip.command == [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--no-input",
        "--only-binary=:all:", "--disable-pip-version-check", "--timeout", "10", "--dest", "x", "--", "a==1",
    ]  # fmt: skip
    assert pip.options["timeout"] == 9


def test_a_name_that_looks_like_an_option_is_none(tmp_path):
    with pytest.raises(TrailerflowError, match="pip did not get --version: "):
        download_wheel("--version", tmp_path, seconds=60)


def test_the_last_line_that_pip_says_is_told_clean_and_without_secrets(monkeypatch):
    assert (
        told(monkeypatch, "", "warning\nERROR: no\x1b[31m such\n")
        == "pip did not get a==1: ERROR: no[31m such"
    )
    assert told(monkeypatch, "said here\n", " \n") == "pip did not get a==1: said here"
    assert told(monkeypatch, "", "") == "pip did not get a==1: no message"
    words = "ERROR: https://me:password1@index.example/simple is not there"
    assert told(monkeypatch, "", words) == (
        "pip did not get a==1: ERROR: https://[secret]@index.example/simple is not there"
    )


def test_a_pip_that_hangs_is_left(monkeypatch):
    def run(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(TrailerflowError, match=r"^pip did not get a==1 within 9 s$"):
        download_wheel("a==1", Path("x"), seconds=9)
