"""What belongs to the code is found beside it, what belongs to the user in the working folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from trailerflow.places import CODE, found, module_command, stable_name

PROMPT = "resources/prompts/summaries/zero_shot.txt"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_checkout():
    assert Path(__file__).parents[2] == CODE


def test_what_comes_with_the_code_is_found_beside_it():
    assert found(PROMPT) == CODE / PROMPT
    assert found("resources/sample/media") == CODE / "resources/sample/media"
    assert found(Path("resources/models.yaml")) == CODE / "resources/models.yaml"


def test_the_users_own_wins_file_by_file(elsewhere):
    own = elsewhere / PROMPT
    own.parent.mkdir(parents=True)
    own.write_text("Mine.")
    assert found(PROMPT) == Path(PROMPT)
    other = "resources/prompts/summaries/few_shot.txt"
    assert found(other) == CODE / other


@pytest.mark.parametrize(
    "name",
    ["Makefile", "README.md", "resources/models", "resources/prompts/none.txt", "resources/prompts_of_mine", "movies.csv"],
)  # fmt: skip
def test_nothing_else_is_taken_from_the_code(name):
    assert found(name) == Path(name)


def test_an_absolute_path_is_kept(elsewhere):
    assert found(elsewhere / PROMPT) == elsewhere / PROMPT


def test_a_name_is_the_same_wherever_the_code_lies(elsewhere):
    assert stable_name(CODE / PROMPT) == PROMPT
    assert stable_name(PROMPT) == PROMPT
    assert stable_name(elsewhere / "films/1.srt") == str(elsewhere / "films/1.srt")
    assert stable_name(CODE / "films/1.srt") == str(CODE / "films/1.srt")


def test_a_module_is_run_of_this_library(elsewhere):
    other = elsewhere / "other"
    (other / "trailerflow").mkdir(parents=True)
    (other / "trailerflow/__init__.py").write_text("raise SystemExit('another library')")
    done = subprocess.run(
        [*module_command("trailerflow.configuration.document"), "an argument"],
        cwd=CODE, env={**os.environ, "PYTHONPATH": str(other)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == (CODE / "docs/configuration.md").read_text()
