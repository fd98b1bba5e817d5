"""The register of the rules and the workflow's real rules are one set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trailerflow.register import (
    BY_NAME,
    CHAIN,
    OUTCOMES,
    PREPARE_TRANSCRIPT,
    RULES,
    STAGES,
    SUMMARISE_MOVIE,
    Rule,
    in_order_of_data,
)

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^(?:rule|checkpoint) (\w+):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
BLOCKS = {
    name: (file.stem, block)
    for file in (ROOT / "rules").glob("*.smk")
    for name, block in BLOCK.findall(file.read_text())
}
"""Rule file and text of every rule of the workflow but the targets."""


def section(block: str, name: str) -> str:
    """What stands below a keyword of a rule."""
    found = re.search(rf"^    {name}:\n(.*?)(?=^    \w|\Z)", block, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def test_the_register_holds_the_rules_of_the_workflow_and_each_once():
    assert {rule.name for rule in RULES} == set(BLOCKS)
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_what_the_register_says(rule: Rule):
    file, block = BLOCKS[rule.name]
    assert rule.stage == file.partition("_")[0]  # a stage with many rules has a second file
    if rule.made:
        assert f'"{rule.output}"' in section(block, "output")
    assert ("{movie}" in section(block, "output")) == rule.makes_outcomes
    if attempts := re.findall(r'attempt\("(\w+)"\)', block):
        assert attempts == [rule.name]
    if rule.chain:  # every link reads the one before it
        before = CHAIN[: CHAIN.index(rule.name)][-1:]
        assert all(f"results/{name}/{{movie}}.json" in section(block, "input") for name in before)


def test_only_what_the_register_lists_is_read_by_name():
    written = "".join(block for _, block in BLOCKS.values())
    assert set(re.findall(r'"results/(\w+)/', written)) <= set(BY_NAME)


def test_a_name_means_one_thing_in_all_rule_files():
    """All rule files share one namespace: a name that two of them set would change what the first one's rules read."""
    meanings: dict[str, set[str]] = {}
    for file in (ROOT / "rules").glob("*.smk"):
        text = file.read_text()
        for name in re.findall(r"^(\w+) = ", text, re.MULTILINE):
            meanings.setdefault(name, set()).add(file.stem)
        for module, names in re.findall(
            r"^from ([\w.]+) import (\(.*?\)|[^\n(]+)$", text, re.MULTILINE | re.DOTALL
        ):
            for part in names.strip("()").split(","):
                if part.strip():
                    meanings.setdefault(part.split(" as ")[-1].strip(), set()).add(module)
    assert {name: places for name, places in meanings.items() if len(places) > 1} == {}


def test_what_a_rule_makes_in_its_forms():
    assert SUMMARISE_MOVIE.output == "results/summarise_movie/{model}/{way}/{movie}.json"
    assert SUMMARISE_MOVIE.glob == "results/summarise_movie/*/*/*.json"
    assert (SUMMARISE_MOVIE.per, SUMMARISE_MOVIE.makes_outcomes) == (("model", "way", "movie"), True)
    table = Rule("a", "b", "c.csv")
    assert (table.output, table.glob, table.per, table.makes_outcomes) == (
        "results/a/c.csv", "results/a/c.csv", (), False,
    )  # fmt: skip


def test_the_chain_the_outcomes_and_the_stages_are_in_the_order_of_the_data():
    assert CHAIN == (
        "find_trailer", "fetch_captions", "fetch_audio", "transcribe_trailer", "translate_transcript",
        "prepare_transcript", "summarise_movie",
    )  # fmt: skip
    assert (*CHAIN[:-1], "remove_audio", "fetch_synopsis", CHAIN[-1]) == OUTCOMES
    assert list(STAGES)[:3] == ["catalogue", "models", "trailers"]
    assert PREPARE_TRANSCRIPT.name in STAGES["trailers"]
    rules = ["all", "score_genres", "a_target", "find_trailer", "fetch_catalogue"]
    assert sorted(rules, key=in_order_of_data) == [
        "fetch_catalogue", "find_trailer", "score_genres", "a_target", "all",
    ]  # fmt: skip
