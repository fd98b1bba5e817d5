"""The register: names that may become paths, classes that are there, and code that reaches its own jobs alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from trailerflow.configuration import CodeHashes
from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.register import ALL_RANKERS, LLM_RANKERS, RANKERS, SPLITS
from trailerflow.recommendations.splits.contract import Split
from trailerflow.registers import chosen_class

ROOT = Path(__file__).parents[3]
REGISTER = "trailerflow.recommendations.register"


@pytest.mark.parametrize(("register", "kind"), [("SPLITS", Split), ("ALL_RANKERS", Ranker)])
def test_every_name_is_that_of_its_file_and_may_become_a_path(register: str, kind: type) -> None:
    for name, place in {"SPLITS": SPLITS, "ALL_RANKERS": ALL_RANKERS}[register].items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert place.partition(":")[0].rpartition(".")[2] == name
        assert issubclass(chosen_class(f"{REGISTER}:{register}", name), kind)


def test_a_split_bears_its_name_and_each_protocol_its_own() -> None:
    for name in SPLITS:
        kind = chosen_class(f"{REGISTER}:SPLITS", name)
        split = kind({"file": "own.csv"} if "file" in kind.defaults else {})
        assert split.name == name
        names = [protocol.name for protocol in split.protocols]
        assert len(set(names)) == len(names)
        assert all(protocol.source for protocol in (split, *split.protocols))


def test_every_way_of_a_language_model_has_its_prompt() -> None:
    assert not set(LLM_RANKERS) & set(RANKERS)
    for name in LLM_RANKERS:
        assert (ROOT / f"resources/prompts/recommendations/{name}.txt").is_file()


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(TrailerflowError, match=r"item_knm is none of random, .*; choose one of them"):
        chosen_class(f"{REGISTER}:RANKERS", "item_knm")


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL_RANKERS)
def test_the_program_tells_the_arguments_of_every_ranker(name: str) -> None:
    script = [sys.executable, str(ROOT / "scripts/rank_films.py"), "--ranker", name, "--help"]
    done = subprocess.run(script, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--threads" in done.stdout
    assert ("--prompt" in done.stdout) == (name in LLM_RANKERS)


def test_the_code_of_one_ranker_or_split_reaches_no_other() -> None:
    code = CodeHashes(ROOT / "scripts", ROOT / "src")
    members = {
        "rank_films": {name: place.partition(":")[0] for name, place in ALL_RANKERS.items()},
        "split_ratings": {name: place.partition(":")[0] for name, place in SPLITS.items()},
    }
    for rule, modules in members.items():
        files = {name: f"{module.replace('.', '/')}.py" for name, module in modules.items()}
        assert not set(files.values()) & code.modules(rule)
        for name, module in modules.items():
            reached = code.modules(rule, module)
            assert files[name] in reached
            assert not {file for other, file in files.items() if other != name} & reached
            assert f"{REGISTER.replace('.', '/')}.py" not in reached  # a new line reruns nothing
    assert code.of("rank_films", members["rank_films"]["popularity"]) != code["rank_films"]
    fast = code.modules("rank_films", members["rank_films"]["popularity"])
    assert not [file for file in fast if file.startswith("trailerflow/llm/") and "table" in file]
