"""A section joins the page by one file and one line: no rule, script or loading knows it by name."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from trailerflow.configuration import CodeHashes
from trailerflow.tables import write_about, write_table
from unit.report_frames import MODEL, write_run

ROOT = Path(__file__).parents[3]
LINE = "from trailerflow.reports.sections.languages import Languages\n"
SECTION = '''
"""Languages of the summaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.reports.section import Section, table
from trailerflow.reports.view import Cell, Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Languages(Section):
    """How many summaries are in each language."""

    identifier = "languages"
    title = "Languages of the summaries"

    languages: pd.DataFrame = table("tell_languages/{model}.parquet", "model", "language", "summaries")

    def findings(self) -> list[str]:
        return [f"{row.model} wrote {row.summaries} in {row.language}." for row in self.languages.itertuples()]

    def tables(self) -> tuple[Table, ...]:
        rows = tuple(
            Row((Cell(row.model), Cell(row.language), Cell(str(row.summaries))))
            for row in self.languages.itertuples()
        )
        return (Table("Summaries by language", (Column("Model"), Column("Language"), Column("Number", True)), rows),)
'''


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the library and of the script, with a section more."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/make_report.py", folder / "scripts")
    reports = folder / "src/trailerflow/reports"
    (reports / "sections/languages.py").write_text(SECTION)
    register = reports / "register.py"
    after = "from trailerflow.reports.sections.summaries import Summaries\n"
    register.write_text(register.read_text().replace(after, after + LINE))
    return folder


def test_one_file_and_one_line_put_a_section_into_the_page(checkout: Path, tmp_path: Path) -> None:
    lines, options = write_run(tmp_path)
    frame = pd.DataFrame({"language": ["en", "fr"], "summaries": [19, 3]})
    write_table(frame, tmp_path / "languages.parquet")
    write_about(
        tmp_path / "languages.about.json", rule="tell_languages", seconds=2.5, notes=["Told by letters."]
    )
    lines += f"tell_languages/{MODEL}.parquet={tmp_path}/languages.parquet\n"
    lines += f"tell_languages/{MODEL}.about.json={tmp_path}/languages.about.json\n"
    output = tmp_path / "index.html"
    command = [sys.executable, str(checkout / "scripts/make_report.py"), *options, "--output", str(output)]
    subprocess.run(command, input=lines, text=True, check=True)
    page = output.read_text()
    assert page.index(">Summaries</h2>") < page.index(">Languages of the summaries</h2>")
    assert page.index(">Languages of the summaries</h2>") < page.index(
        ">Support and rules of the summaries</h2>"
    )
    assert f"<li>{MODEL} wrote 19 in en.</li>" in page
    assert "<caption>Summaries by language</caption>" in page
    assert "Told by letters." in page


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
    assert {"tell_languages/a.parquet", "tell_languages/b.about.json"} <= set(json.loads(asked.stdout))
    hashed = CodeHashes(checkout / "scripts", checkout / "src").modules("make_report")
    assert "trailerflow/reports/sections/languages.py" in hashed


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
