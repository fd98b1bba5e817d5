"""A section joins the page by one file and one line: no rule, script or loading knows it by name."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from trailerflow.configuration import CodeHashes
from trailerflow.reports.register import READERS, SECTIONS
from trailerflow.reports.wanted import wanted_files
from trailerflow.tables import write_table
from unit.report_frames import write_run

ROOT = Path(__file__).parents[3]
LINE = "from trailerflow.reports.sections.points import Points\n"
AFTER = "from trailerflow.reports.sections.judging import Judging\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the library and of the script, with a section more."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/make_report.py", folder / "scripts")
    reports = folder / "src/trailerflow/reports"
    shutil.copy(ROOT / "tests/made_up/points.py", reports / "sections")
    register = reports / "register.py"
    register.write_text(register.read_text().replace(AFTER, AFTER + LINE))
    return folder


@pytest.mark.slow
def test_one_file_and_one_line_put_a_section_into_the_page(checkout: Path, tmp_path: Path) -> None:
    lines, options = write_run(tmp_path)
    write_table(pd.DataFrame({"rating": [3, 5, 3], "kind": "judge"}), tmp_path / "given.parquet")
    lines += f"judge_summaries/ratings.parquet={tmp_path}/given.parquet\n"
    output = tmp_path / "index.html"
    command = [sys.executable, str(checkout / "scripts/make_report.py"), *options, "--output", str(output)]
    subprocess.run(command, input=lines, text=True, check=True)
    page = output.read_text()
    titles = re.findall(r"<h2 id=.*?>(.*?)</h2>", page)
    assert titles[titles.index("How summaries were rated") + 1] == "Points given"
    assert "<li>The judge gave 3 ratings.</li>" in page
    assert "<caption>Ratings by points</caption>" in page
    assert len(titles) == len(SECTIONS) + 2  # what to read first, and the new one


def test_the_rule_learns_of_its_files_and_of_its_code(checkout: Path) -> None:
    code = (
        "import json, sys\n"
        "from trailerflow.reports.register import READERS\n"
        "from trailerflow.reports.wanted import wanted_files\n"
        "print(json.dumps(wanted_files(READERS, [{'model': 'a'}, {'model': 'b'}])))"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout / "src", capture_output=True, text=True, check=True
    )
    ours = wanted_files(READERS, [{"model": "a"}, {"model": "b"}])
    assert set(json.loads(asked.stdout)) - set(ours) == {"judge_summaries/ratings.parquet"}
    hashed = CodeHashes(checkout / "scripts", checkout / "src").modules("make_report")
    assert "trailerflow/reports/sections/points.py" in hashed


@pytest.mark.parametrize(
    "file",
    [
        "scripts/make_report.py", "rules/reports.smk",
        *(f"src/trailerflow/reports/{name}.py" for name in ("loading", "pages", "wanted", "section", "head")),
    ],
)  # fmt: skip
def test_what_makes_the_page_knows_no_section_by_name(file: str) -> None:
    words = (ROOT / file).read_text()
    for path in (ROOT / "src/trailerflow/reports/sections").glob("[!_]*.py"):
        assert f"sections.{path.stem}" not in words
        assert f"{path.stem}_section" not in words


def test_every_module_of_a_section_is_in_the_register() -> None:
    register = (ROOT / "src/trailerflow/reports/register.py").read_text()
    for path in (ROOT / "src/trailerflow/reports/sections").glob("[!_]*.py"):
        assert register.count(f"from trailerflow.reports.sections.{path.stem} import ") == 1


def test_the_register_is_read_without_heavy_libraries() -> None:
    code = "import sys, trailerflow.reports.register; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "src", capture_output=True, text=True, check=True
    )
    assert not {"pandas", "numpy", "matplotlib", "pyarrow", "torch"} & set(done.stdout.split())
