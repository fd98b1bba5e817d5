"""The words for why a film's jobs would run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trailerflow.commands.why import PARAMETERS, Job, lines, words
from trailerflow.register import OUTCOMES

ROOT = Path(__file__).parents[3]


def job(rule: str = "find_trailer", **more: object) -> Job:
    nothing = {
        "missing": False, "edited": [], "made_again": [], "parameters": [], "inputs": False, "rule_changed": False,
        "forced": False,
    }  # fmt: skip
    return Job(**{"rule": rule, "output": [f"results/{rule}/7.json"]} | nothing | more)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"missing": True}, "it is not there, or not whole"),
        ({"parameters": ["code"]}, "changed: the rule's program, or what it imports"),
        ({"parameters": ["new"]}, "changed: a parameter of the rule"),
        ({"edited": ["a.json", "b.json"]}, "changed: a.json, b.json"),
        ({"inputs": True}, "it reads other files than before"),
        ({"rule_changed": True}, "the rule itself changed"),
        ({"made_again": ["c.json"]}, "made again before it: c.json"),
        ({"forced": True}, "it was asked for"),
    ],
)
def test_each_reason_has_its_words(more, said):
    assert list(words(job(**more))) == [said]


def test_causes_come_first_then_the_order_of_the_data():
    after = job("fetch_captions", made_again=["results/find_trailer/7.json"])
    told = list(lines("7", [after, job("prepare_transcript", parameters=["words"]), job(missing=True)]))
    assert told == [
        "3 jobs of the film 7 would run:",
        "  results/find_trailer/7.json: it is not there, or not whole.",
        "  results/prepare_transcript/7.json: changed: the length in words.",
        "  results/fetch_captions/7.json: made again before it: results/find_trailer/7.json.",
    ]


def test_nothing_to_run_is_said():
    assert list(lines("7", [])) == ["Nothing of the film 7 would run: its documents are up to date."]


def test_every_parameter_of_a_movies_rules_has_its_words():
    text = "".join(path.read_text() for path in (ROOT / "rules").glob("*.smk"))
    blocks = {block.partition(":")[0]: block for block in text.split("\nrule ")[1:]}
    for rule in OUTCOMES:
        parameters = blocks[rule].split("    params:\n")[1].split("    shell:\n")[0]
        assert set(re.findall(r"^        (\w+)=", parameters, re.MULTILINE)) <= set(PARAMETERS), rule
