"""Every command that the README and the pages show is one that works."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from workflow.projects import Workflow

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROGRAMS = ("make", "snakemake", "trailerflow", "python", "pip", "ruff", "mypy", "snakefmt")
_BLOCK = re.compile(r"^```(?:bash)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")


def commands() -> list[str]:
    """Every command of the pages, without its comment, its redirection and the folder of its environment."""
    found: dict[str, None] = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = [line for block in _BLOCK.findall(text) for line in block.replace("\\\n", " ").splitlines()]
        for line in [*lines, *_INLINE.findall(text)]:
            for part in " ".join(line.split()).split(" # ")[0].split(" && "):
                command = part.split(" > ")[0].removeprefix(".venv/bin/").strip()
                if command.split(" ")[0] in PROGRAMS and " " in command and "…" not in command:
                    found[command] = None
    return list(found)


def of(*programs: str) -> list[str]:
    return [command for command in commands() if command.split(" ")[0] in programs]


def run(*command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Workflow:
    """A project with the files that the README's own example names."""
    workflow = Workflow(tmp_path_factory.mktemp("mine") / "project")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    settings = yaml.safe_load(block)
    folder = workflow.folder / "mine"
    (folder / "trailers").mkdir(parents=True)
    (folder / "movies.csv").write_text("id,title,year\n2,GoldenEye,1995\n")
    (folder / "plots.csv").write_text("id,synopsis\n2,A spy chases a friend.\n")
    settings["catalogue"]["archive"] = None  # the user's own archive is not at hand
    (workflow.folder / "mine.yaml").write_text(yaml.safe_dump(settings))
    (workflow.folder / "path/to").mkdir(parents=True)
    (workflow.folder / "path/to/trailerflow").symlink_to(ROOT)
    (workflow.folder / "my_films").mkdir()
    return workflow


def test_there_are_commands():
    assert len(commands()) > 20


@pytest.mark.parametrize("command", of("make"))
def test_make(command):
    done = run(*shlex.split(command), "-n")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command", [one for one in of("snakemake") if "--lint" not in one and "--report" not in one]
)
def test_snakemake(mine, command):
    if "conda" in command and not shutil.which("conda"):
        pytest.skip("conda is not installed here")
    words = shlex.split(command)
    if not {"--cores", "-n"} & set(words):
        words += ["--cores", "1"]
    done = run(sys.executable, "-m", *words, "-n", folder=mine.folder)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


NEED_A_RUN = ("add", "estimate", "film", "predict-genres", "recommend", "why")
"""Commands that make transcripts, or read what a run has made; tests of their own run them."""


@pytest.mark.parametrize("command", of("trailerflow"))
def test_trailerflow(mine, command):
    words = shlex.split(command)
    options = [word for word in words if word.startswith("--")]
    if words[1] in NEED_A_RUN:
        words = [*words[:2], "--help"]
    if words[1:] == ["forget"]:
        words.append("--help")
    done = run(
        sys.executable, "-c", "from trailerflow.commands import main; main()", *words[1:], folder=mine.folder
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if "--help" in words:
        assert [option for option in options if option not in done.stdout] == []


@pytest.mark.parametrize("command", of("python"))
def test_python(command):
    words = shlex.split(command)[1:]
    options = [word for word in words if word.startswith("--")]
    program = words[:2] if words[0] == "-m" else words[:1]
    done = run(sys.executable, *program, "--help")
    assert done.returncode == 0, done.stderr
    assert [option for option in options if option not in done.stdout] == []


@pytest.mark.parametrize("command", of("pip", "ruff", "mypy", "snakefmt"))
def test_other_tools_and_the_files_that_they_are_given(command):
    program, *words = shlex.split(command)
    assert shutil.which(program) or shutil.which(program, path=str(Path(sys.executable).parent))
    named = [word for word in words if "/" in word or word == "Snakefile"]
    assert [word for word in named if not (ROOT / word).exists()] == []


def test_every_caption_of_the_report_belongs_to_a_rule():
    rules = "".join(path.read_text() for path in [ROOT / "Snakefile", *(ROOT / "rules").glob("*.smk")])
    captions = {path.name for path in (ROOT / "report").glob("*.rst")}
    assert captions == set(re.findall(r"report/(\w+\.rst)", rules))
