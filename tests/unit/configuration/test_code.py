"""The hash of a rule's code: which change reaches which rule."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hashed_modules import CODE, RULES, expected, file_of, hashed

from trailerflow.configuration import CodeHashes
from trailerflow.configuration.code import HOW_IT_IS_RUN
from trailerflow.recommendations.register import LLM_RANKERS
from trailerflow.summaries.support.kept_thresholds import EVEN
from trailerflow.summaries.ways.register import WAYS

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


def test_another_version_number_does_not_count_and_what_stands_beside_it_does(project):
    file = project / "src/trailerflow/__init__.py"
    file.write_text('"""Package."""\n\n__version__ = "1.0"\n')
    before = hashes(project)
    file.write_text('"""Package."""\n\n__version__ = "2.0"\n')
    assert hashes(project) == before
    file.write_text('"""Package."""\n\n__version__ = "2.0"\nbeside = 1\n')
    assert all(hashes(project)[rule] != before[rule] for rule in before)


def test_a_function_reaches_the_rules_that_import_it(project):
    before = hashes(project)
    file = project / "src/trailerflow/cleaning.py"
    file.write_text(file.read_text().replace("return shared()", "return shared() + 1"))
    after = hashes(project)
    assert after["prepare"] != before["prepare"]
    assert after["find"] == before["find"]


def test_what_is_kept_is_what_is_read_again_and_a_change_is_seen(project, monkeypatch):
    memory = project / "run" / "code.jsonl"

    def told() -> dict[str, str]:
        code = CodeHashes(project / "scripts", project / "src", memory=memory)
        return {rule: code[rule] for rule in ("prepare", "find")}

    assert told() == hashes(project)
    before = hashes(project)
    with monkeypatch.context() as patched:
        patched.setattr("trailerflow.configuration.code.ast.parse", None)  # whoever parses now fails
        assert told() == before
    file = project / "src/trailerflow/cleaning.py"
    file.write_text(file.read_text().replace("return shared()", "return shared() + 1"))
    assert told() == hashes(project) != before


@pytest.mark.parametrize("damaged", [b"\xff", b"[1]\nnull\n", b'["half'])
def test_a_damaged_memory_of_code_is_no_fault(project, damaged):
    memory = project / "run" / "code.jsonl"
    memory.parent.mkdir()
    right = CodeHashes(project / "scripts", project / "src", memory=memory)["prepare"]
    names = [json.loads(line)[0] for line in memory.read_text().splitlines()]
    wrong = [json.dumps([name, value]).encode() for name in names for value in (None, 1, ["x"], ["x", [1]])]
    memory.write_bytes(damaged + b"\n" + b"\n".join(wrong))
    assert CodeHashes(project / "scripts", project / "src", memory=memory)["prepare"] == right


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
    for script in (ROOT / "scripts").glob("*.py"):
        if script.stem == "estimate_costs":  # it counts the very questions that the stages ask
            continue
        stages = {
            name.split("/")[1] for name in CODE.modules(script.stem)
        } & {"catalogue", "trailers", "summaries", "genres", "recommendations", "costs", "reports"}  # fmt: skip
        assert len(stages) <= 1, (script.name, stages)


# ---- the hashes of the workflow's own rules


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_hashes_the_modules_that_stand_in_its_file(rule):
    """A new import is seen in a review: ``python tests/hashed_modules.py`` writes the files anew."""
    assert hashed(rule) == expected(rule)


def test_there_is_a_file_for_every_rule_with_a_hash_and_no_other():
    assert {path.stem for path in file_of("x").parent.iterdir()} == set(RULES)


def module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def is_left_out(name: str) -> bool:
    return any(name == other or name.startswith(f"{other}.") for other in HOW_IT_IS_RUN)


def source(folder: Path, name: str) -> Path:
    """The file of a module, or of a package."""
    place = folder / "src" / name.replace(".", "/")
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def test_what_is_left_out_is_there_and_takes_nothing_else_along():
    for name, reason in HOW_IT_IS_RUN.items():
        assert source(ROOT, name).is_file() and reason, name
    whole = CodeHashes(ROOT / "scripts", ROOT / "src", left_out=())
    for rule in RULES:
        kept = {file for file in whole.modules(*RULES[rule]) if not is_left_out(module(file))}
        assert set(hashed(rule)) == kept, rule


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for name in ("src", "scripts"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    return folder


def rules_changed_by(folder: Path, *names: str) -> set[str]:
    """The rules whose hash a new function in each of some modules changes."""
    texts = {source(folder, name): source(folder, name).read_text() for name in names}
    for file, text in texts.items():
        file.write_text(f"{text}\n\ndef one_more() -> int:\n    return 1\n")
    after = CodeHashes(folder / "scripts", folder / "src")
    changed = {rule for rule, made_of in RULES.items() if after.of(*made_of) != CODE.of(*made_of)}
    for file, text in texts.items():
        file.write_text(text)
    return changed


def test_a_new_function_in_how_it_is_run_changes_no_hash(copy):
    assert rules_changed_by(copy, *HOW_IT_IS_RUN, "trailerflow.servers.energy") == set()


def test_a_new_function_in_what_makes_an_answer_changes_the_hashes_of_who_asks(copy):
    asks = {"translate_transcript", "judge_summaries", "predict_genres"}
    asks |= {f"summarise_movie.{name}" for name in (*WAYS, *EVEN)}
    # What rankers would ask is counted by the rankers themselves.
    rankers = {f"{rule}.{name}" for rule in ("rank_films", "estimate_costs") for name in LLM_RANKERS}
    asks |= {"ask_summaries", "probe_memory", *rankers}
    assert rules_changed_by(copy, "trailerflow.llm.replies") == asks
    assert rules_changed_by(copy, "trailerflow.costs.energy") == {"account_costs"}
    measure = "trailerflow.summaries.support.yes_no"
    assert rules_changed_by(copy, measure) == {
        "summarise_movie.yes_no", "summarise_movie.check_and_mend", "estimate_costs.check_and_mend",
    }  # fmt: skip
