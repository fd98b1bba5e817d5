"""Jobs use the library of the checkout that the Snakefile lies in, whatever else is installed and whatever its path is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from workflow.folders import FIRST_WORDS, SETTINGS, Folder, snakemake
from workflow.projects import MODELS, TEST_MODEL, Workflow, small_genres

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "films")
    made.write("config.yaml", SETTINGS)
    return made


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder with another trailerflow, an older one that would say something else, and its logger plugin."""
    place = tmp_path / "other"
    shutil.copytree(Path(__file__).parents[2] / "src", place, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("trailers/transcripts/prepare_transcript.py", "trailers/fetching/fetch_captions.py"):
        (place / "trailerflow" / name).write_text("raise SystemExit('the other library')\n")
    (place / "trailerflow/places.py").unlink()
    return place


def test_another_library_on_the_path(folder, other, tmp_path):
    code = Workflow(tmp_path / "code").folder
    snakemake(folder.path, "trailers", "-s", str(code / "Snakefile"), PYTHONPATH=str(other))
    assert folder.text() == FIRST_WORDS


@pytest.mark.parametrize("way", ["installed", "put in front by a .pth file"])
def test_another_library_in_the_environment(way, folder, other, tmp_path):
    code = Workflow(tmp_path / "code").folder
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    packages = next(venv.glob("lib/python3*/site-packages"))
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    if way == "installed":
        for package in other.iterdir():
            shutil.move(package, packages / package.name)
    else:
        (packages / "first.pth").write_text(f"import sys; sys.path.insert(0, {str(other)!r})\n")
    python = str(venv / "bin/python")
    snakemake(folder.path, "trailers", "-s", str(code / "Snakefile"), python=python, PYTHONPATH="")
    assert folder.text() == FIRST_WORDS


def test_a_path_with_a_colon_and_blanks(folder, other, tmp_path):
    """Servers included: they are started by jobs, and PYTHONPATH cannot hold such a path."""
    code = Workflow(tmp_path / "a: b" / "the code's").folder
    (other / "trailerflow/llm/embedded_server.py").write_text("raise SystemExit('the other server')\n")
    folder.write(
        "config.yaml",
        SETTINGS
        | {"models": {"folder": str(MODELS), "llm": [TEST_MODEL]}}
        | {"genres": small_genres("transcript")}
        | {"summaries": {"words": 10}, "synopses": {"table": None}},
    )
    summary = "results/summarise_movie/smollm2/zero_shot/home.json"
    snakemake(folder.path, "trailers", summary, "-s", str(code / "Snakefile"), PYTHONPATH=str(other))
    assert folder.text() == FIRST_WORDS
    assert '"status": "ok"' in (folder.path / summary).read_text()
    again = os.pathsep.join([str(other), os.environ["PYTHONPATH"]])
    said = snakemake(folder.path, "trailers", summary, "-n", "-s", str(code / "Snakefile"), PYTHONPATH=again)
    assert "Nothing to be done" in said


def test_a_path_with_braces_is_told(folder, tmp_path):
    """Snakemake formats the paths of rule files."""
    code = Workflow(tmp_path / "{a}" / "code").folder
    for place, options in ((code, []), (folder.path, ["-s", str(code / "Snakefile")])):
        said = snakemake(place, *options, "-n", check=False)
        assert "Snakemake takes a word in braces for a variable; give its folder another name." in said
        assert "Traceback" not in said


def test_a_program_alone_takes_the_library_beside_it(other, tmp_path):
    code = Workflow(tmp_path / "code").folder
    for safe in ("", "1"):
        done = subprocess.run(
            [sys.executable, str(code / "scripts/prepare_transcript.py"), "--help"],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(other), "PYTHONSAFEPATH": safe},
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Clean a movie's transcript" in done.stdout
