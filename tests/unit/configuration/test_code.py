"""The hash of a rule's code: which change reaches which rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.configuration import CodeHashes

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "trailerflow"
    package.mkdir(parents=True)
    (tmp_path / "scripts").mkdir()
    (package / "__init__.py").write_text('"""Package."""\n')
    (package / "shared.py").write_text("def shared():\n    return 1\n")
    (package / "cleaning.py").write_text(
        "from trailerflow.shared import shared\n\n\ndef clean():\n    return shared()\n"
    )
    (tmp_path / "scripts" / "prepare.py").write_text(
        "def main():\n    from trailerflow import cleaning\n    cleaning.clean()\n"
    )
    (tmp_path / "scripts" / "find.py").write_text("from trailerflow.shared import shared\nshared()\n")
    return tmp_path


def hashes(project: Path) -> dict[str, str]:
    code = CodeHashes(project / "scripts", project / "src")
    return {rule: code[rule] for rule in ("prepare", "find")}


def test_a_function_reaches_the_rules_that_import_it(project):
    before = hashes(project)
    file = project / "src/trailerflow/cleaning.py"
    file.write_text(file.read_text().replace("return shared()", "return shared() + 1"))
    after = hashes(project)
    assert after["prepare"] != before["prepare"]
    assert after["find"] == before["find"]


def test_a_module_behind_a_module_counts(project):
    before = hashes(project)
    (project / "src/trailerflow/shared.py").write_text("def shared():\n    return 2\n")
    after = hashes(project)
    assert all(after[rule] != before[rule] for rule in before)


def test_comments_docstrings_and_layout_do_not_count(project):
    before = hashes(project)
    (project / "src/trailerflow/shared.py").write_text(
        '"""What is shared."""\n\n# why\ndef shared():\n    """One."""\n    return (1)\n'
    )
    (project / "scripts/find.py").write_text(
        '"""Find."""\nfrom trailerflow.shared import shared\n\nshared()  # it\n'
    )
    assert hashes(project) == before


def test_what_is_imported_for_the_type_checker_alone_does_not_count(project):
    (project / "src/trailerflow/kinds.py").write_text("Number = int\n")
    script = project / "scripts/find.py"
    script.write_text("from typing import TYPE_CHECKING\n" + script.read_text())
    before = hashes(project)
    block = "if TYPE_CHECKING:\n    from trailerflow.kinds import Number\n"
    script.write_text(script.read_text().replace("shared()", block + "shared()"))
    assert "kinds" in script.read_text()
    assert hashes(project) == before
    script.write_text(script.read_text().replace("if TYPE_CHECKING:", "if not TYPE_CHECKING:"))
    assert hashes(project) != before


def test_every_rule_of_ours_hashes_its_own_stage_and_no_neighbour():
    code = CodeHashes(ROOT / "scripts", ROOT / "src")
    for script in (ROOT / "scripts").glob("*.py"):
        if script.stem == "estimate_costs":  # it counts the very questions that the stages ask
            continue
        stages = {
            name.split("/")[1] for name in code.modules(script.stem)
        } & {"catalogue", "trailers", "summaries", "genres", "recommendations", "costs", "reports"}  # fmt: skip
        assert len(stages) <= 1, (script.name, stages)
