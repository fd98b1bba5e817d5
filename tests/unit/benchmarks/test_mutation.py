"""The benchmark of mutants: which changes are listed, how they are drawn, and what tests make of them."""

from __future__ import annotations

import subprocess
import tomllib
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from trailerflow.errors import TrailerflowError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _benchmarks_are_there(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")


def changes(code: str) -> set[tuple[int, str]]:
    """Line and new text of each mutant."""
    from mutation_draw import mutants_of

    return {(mutant.line, mutant.added) for mutant in mutants_of("a.py", code)}


def test_annotations_and_names_of_types_are_no_mutants():
    assert not changes("""
from __future__ import annotations
from typing import TYPE_CHECKING, TypeVar, cast
if TYPE_CHECKING:
    import requests
Verdict = int | None
Result = TypeVar("Result", bound=int | str)
def first(a: int | None, *more: int | str, b: "int | None", **names: list[int | str]) -> str | None:
    size: int | float
    return cast(int | str, a)
""")


def test_words_for_people_are_no_mutants_and_other_arguments_are():
    found = changes("""
def tell(most, many, log):
    "1 + 1 is 2."
    log(f"{most * 2}")
    print("more" if many else "fewer")
    raise ValueError(f"more than {most * 2}", most or 7)
""")
    assert found == {
        (6, 'raise ValueError(f"more than {most * 2}", most and 7)'),
        (6, 'raise ValueError(f"more than {most * 2}", most or 8)'),
        (6, 'raise ValueError(f"more than {most * 2}", most or 6)'),
    }


def test_a_default_beside_an_annotation_is_a_mutant_whatever_letters_stand_before_it():
    found = changes('def f(a="µµµµµµµµ", b: int | None = 7): ...\n')
    assert {(line, text.replace("  ", " ")) for line, text in found} == {
        (1, f'def f(a="µµµµµµµµ", b: int | None = {number}): ...') for number in (6, 8)
    }


def test_bitwise_or_that_is_worked_with_is_a_mutant():
    found = changes("x = isinstance(y, int | str)\n")
    assert len(found) == 11
    assert (1, "x = isinstance(y, int & str)") in found


def test_what_is_no_python_or_cannot_be_changed_is_no_mutant():
    assert not changes("def f(a, /, *, b, **c): return g(*a, **c)\n")
    code = "try: f()\nexcept (ValueError, json.JSONDecodeError): g()\n"
    assert changes(code) == {(2, "except (CosmicRayTestingException, json.JSONDecodeError): g()")}


def test_a_decorator_of_a_class_is_a_mutant():
    assert changes("@dataclass(frozen=True)\nclass A: ...\n") == {(1, ""), (1, "@dataclass(frozen=False)")}


def test_shares_are_in_proportion_and_the_rest_goes_to_the_largest_remainders():
    from mutation_draw import shares

    # Of 4 for 5, 3 and 2: 2, 1.2 and 0.8.
    assert shares({"a": 5, "b": 3, "c": 2}, 4) == {"a": 2, "b": 1, "c": 1}
    # Of 5 for 7, 7 and 2: 2.1875, 2.1875 and 0.625.
    assert shares({"a": 7, "b": 7, "c": 2}, 5) == {"a": 2, "b": 2, "c": 1}
    assert shares({"a": 1, "b": 2, "c": 0}, 9) == {"a": 1, "b": 2, "c": 0}


def test_a_draw_is_repeated_by_its_seed_and_other_files_do_not_change_it():
    from mutation_draw import draw, mutants_of

    mutants = {
        name: mutants_of(name, "\n".join(f"x{i} = {i}" for i in range(size)))
        for name, size in (("a", 30), ("b", 15))
    }
    drawn = draw(mutants, 30, 0)
    assert drawn == draw(mutants, 30, 0) != draw(mutants, 30, 1)
    assert [mutant.file for mutant in drawn] == ["a"] * 20 + ["b"] * 10
    assert len(set(drawn)) == 30
    others = mutants | {"a": mutants_of("a", "\n".join(f"y{i} = {i}" for i in range(30)))}
    assert draw(others, 30, 0)[20:] == drawn[20:]


def test_the_first_pattern_counts_and_what_is_not_there_is_left_out(tmp_path):
    from mutation_draw import tests_of_files

    for name in (
        "src/web/api.py",
        "src/web/pace.py",
        "tests/test_api.py",
        "tests/test_web.py",
        "tests/test_web_old.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    settings = {
        "src/gone.py": ["tests/test_gone.py"],
        "src/web/api.py": ["tests/test_new.py", "tests/test_api.py"],
        "src/web/*.py": ["tests/test_web_old.py", "tests/test_web*.py"],
    }
    assert tests_of_files(tmp_path, settings) == {
        "src/web/api.py": ("tests/test_api.py",),
        "src/web/pace.py": ("tests/test_web_old.py", "tests/test_web.py"),
    }
    with pytest.raises(TrailerflowError, match=r"src/web/pace\.py has no tests"):
        tests_of_files(tmp_path, {"src/web/pace.py": ["tests/test_gone.py"]})


def test_the_settings_name_files_that_are_there():
    from mutation_draw import tests_of_files

    settings = tomllib.loads((ROOT / "benchmarks/mutation.toml").read_text(encoding="utf-8"))
    for pattern, tests in settings["tests"].items():
        assert tests_of_files(ROOT, {pattern: tests}), f"{pattern} has moved"
        assert all(any(ROOT.glob(glob)) for glob in tests), f"tests of {pattern} have moved"
    for equal in settings.get("equal", []):
        lines = [line.strip() for line in (ROOT / equal["file"]).read_text(encoding="utf-8").splitlines()]
        assert equal["removed"] in "\n".join(filter(None, lines)), equal


# ---- what tests make of them


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project whose tests start a process that would stay for a minute."""
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "src/tiny.py").write_text(
        "LIMIT = 5\ndef left(n):\n    while n > 1:\n        n -= 1\n    return n\n"
    )
    (root / "tests/test_tiny.py").write_text(
        "import subprocess, tiny\n"
        "def test_left():\n"
        "    subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        "    assert tiny.left(7) == 1\n"
    )
    (root / "ignored.bin").touch()
    (root / ".gitignore").write_text("*.bin\n")
    subprocess.run(["git", "init", "-q", root], check=True)
    return root


def mutant(root: Path, added: str):
    from mutation_draw import mutants_of

    code = (root / "src/tiny.py").read_text()
    (found,) = [one for one in mutants_of("src/tiny.py", code) if one.added.replace("  ", " ") == added]
    return found


def still_running(folder: Path) -> list[psutil.Process]:
    """Processes that work in a folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process)
    return found


def test_mutants_are_killed_or_survive_in_a_copy_and_nothing_is_left_running(project, tmp_path):
    from mutation import Copy, settled

    copy, code = Copy(project, tmp_path / "work"), (project / "src/tiny.py").read_text()
    tests = ["tests/test_tiny.py"]
    assert 0 < copy.baseline(tests) < 600
    killed = copy.judge(mutant(project, "while n < 1:"), tests, 60)
    assert (killed.outcome, killed.by) == ("killed", "tests/test_tiny.py::test_left")
    unused = mutant(project, "LIMIT = 6")
    survived = copy.judge(unused, tests, 60)
    assert (survived.outcome, survived.by) == ("survived", "")
    equal = {"file": "src/tiny.py", "removed": "LIMIT = 5", "added": unused.added, "why": "nobody asks"}
    assert settled(unused, survived, [equal]).outcome == "equal"
    assert settled(unused, killed, [equal]).outcome == "killed"
    assert settled(mutant(project, "LIMIT = 4"), survived, [equal]).outcome == "survived"

    assert (project / "src/tiny.py").read_text() == code
    assert not (tmp_path / "work/copy/ignored.bin").exists()
    assert not still_running(tmp_path)


def test_a_mutant_that_runs_for_ever_is_ended(project, tmp_path):
    from mutation import Copy

    result = Copy(project, tmp_path / "work").judge(mutant(project, "n -= 0"), ["tests/test_tiny.py"], 1.5)
    assert (result.outcome, result.by) == ("timeout", "")
    assert not still_running(tmp_path)


def test_who_ran_out_of_time_is_tried_once_more(project, tmp_path, monkeypatch):
    from mutation import Copy, Result

    copy, outcomes = Copy(project, tmp_path / "work"), []
    monkeypatch.setattr(copy, "_run", lambda *_: (Result(outcomes.pop(0), "", 1.0), ""))
    for second in ("survived", "killed", "timeout"):
        outcomes += ["timeout", second]
        assert copy.judge(mutant(project, "n -= 0"), ["tests/test_tiny.py"], 1).outcome == second
        assert not outcomes


def test_tests_that_fail_without_a_mutant_are_told(project):
    from mutation import judge_all

    (project / "src/tiny.py").write_text("def left(n):\n    return n - 1\n")
    made = judge_all(project, [mutant(project, "return n + 1")], {"src/tiny.py": ["tests/test_tiny.py"]}, 1)
    with pytest.raises(TrailerflowError, match=r"fail without any mutant.*test_tiny(?s:.*)assert 6 == 1"):
        next(made)


def test_the_table_counts_by_file_and_in_all():
    from mutation import Result, survivors, table
    from mutation_draw import Mutant

    mutants = {name: [Mutant(name, line, "", 0, "x", f"{line}") for line in range(3)] for name in "ab"}
    outcomes = {"a": ["killed", "timeout", "equal"], "b": ["killed", "survived"]}
    results = [
        (mutants[name][line], Result(outcome, "no caller", 1.0))
        for name, own in outcomes.items()
        for line, outcome in enumerate(own)
    ]
    assert table(mutants, results).splitlines()[2:] == [
        "| a | 3 | 3 | 2 | 1 | 1 | 0 | 66.7% |",
        "| b | 3 | 2 | 1 | 0 | 0 | 1 | 50.0% |",
        "| all | 6 | 5 | 3 | 1 | 1 | 1 | 60.0% |",
    ]
    assert survivors(results).splitlines() == ["a:2: x  →  2 (equal in effect: no caller)", "b:1: x  →  1"]
