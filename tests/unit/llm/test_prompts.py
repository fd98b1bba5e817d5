"""Prompt files: turns, variables, examples, masked titles."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import TrailerflowError
from trailerflow.llm.prompts import example_problems, examples_and_rest, prompt_hash, render
from trailerflow.movies.titles import mask_title
from trailerflow.summaries.ways.contract import Told
from trailerflow.summaries.ways.prompt_file import PromptFile

PROMPTS = Path(__file__).parents[3] / "resources/prompts"


def test_a_prompt_file_is_filled_in_literally(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("### system\nBe brief.\n### user\nTitle: {title}\n{transcript}\n")
    messages = render(path, {"title": "A {transcript}", "transcript": "{title} {x}"})
    assert messages == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Title: A {transcript}\n{title} {x}"},
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Be brief.", "must begin with a line `### system`"),
        ("### user\n{cast}", r"uses \{cast\}, which is none of: title"),
    ],
)
def test_a_wrong_prompt_file_is_told(tmp_path, text, sentence):
    path = tmp_path / "p.txt"
    path.write_text(text)
    with pytest.raises(TrailerflowError, match=sentence):
        render(path, {"title": "x"})


def test_a_missing_prompt_file_is_told(tmp_path):
    with pytest.raises(TrailerflowError, match=r"Prompt file .*p.txt is missing"):
        render(tmp_path / "p.txt", {})


def test_the_block_of_examples_is_not_sent(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("### examples\nNet, The\n\n### user\nSay yes.\n")
    assert render(path, {}) == [{"role": "user", "content": "Say yes."}]


@pytest.mark.parametrize(
    "text",
    ["### examples\nThe Net\n### user\nx", "### user\nTitle: the net!\nSummary: x\nTitle: {title}"],
)
def test_an_example_that_is_in_the_catalogue_is_told(tmp_path, text):
    path = tmp_path / "p.txt"
    path.write_text(text)
    (problem,) = example_problems([path], ["Heat", "Net, The"])
    assert "is in the catalogue as 'Net, The'; take the film out" in problem
    assert example_problems([path], ["Heat", "Network"]) == []


@pytest.mark.parametrize("name", ["few_shot", "few_shot_masked"])
def test_our_examples_are_declared(name):
    path = PROMPTS / "summaries" / f"{name}.txt"
    assert len(example_problems([path], ["Forty Hives", "Chandelier by Spring, A"])) == 2


@pytest.mark.parametrize(
    ("text", "examples", "rest"),
    [
        ("### system\nBe brief.\n\nExample 1:\na\n\nExample 2:\nb\n\nGo.\n### user\n{x}", "Example 1: a Example 2: b", "Be brief. Go."),
        ("### examples\nT\n### system\nBe brief.\n### user\na {x}\n### assistant\nb\n### user\nGo. {x}", "a b", "Be brief. Go."),
        ("### user\nFor example:\n{x}", "", "For example:"),
    ],
)  # fmt: skip
def test_examples_are_paragraphs_of_that_name_and_earlier_turns(tmp_path, text, examples, rest):
    path = tmp_path / "p.txt"
    path.write_text(text)
    assert tuple(" ".join(" ".join(texts).split()) for texts in examples_and_rest(path)) == (examples, rest)


@pytest.mark.parametrize("name", ["zero_shot", "few_shot", "zero_shot_masked", "few_shot_masked"])
def test_only_the_titled_prompts_tell_the_title(name):
    path = PROMPTS / "summaries" / f"{name}.txt"
    told = Told("Usual Suspects, The", {"text": "welcome to the usual suspects"}, words=100)
    (request,) = PromptFile(name).requests(told, {name: path})
    sent = " ".join(message["content"] for message in request.messages).casefold()
    assert ("usual suspects" in sent) == (not name.endswith("masked"))
    assert request.max_tokens == 150


@pytest.mark.parametrize(
    ("text", "title", "masked"),
    [
        ("this is HEAT, man", "Heat", "this is [the film's title], man"),
        ("Die Hard. die-hard! diehard", "Die Hard", "[the film's title]. [the film's title]! diehard"),
        ("it is in it", "It", "it is in it"),
        ("the net closes, net worth", "Net, The", "[the film's title] closes, net worth"),
        (
            "the usual suspects, usual suspects",
            "Usual Suspects, The",
            "[the film's title], [the film's title]",
        ),
        ("reheated", "Heat", "reheated"),
    ],
)
def test_a_title_is_masked_as_whole_words(text, title, masked):
    assert mask_title(text, title) == masked


@given(st.text(), st.text())
def test_any_title_can_be_masked(text, title):
    assert isinstance(mask_title(text, title), str)


def test_the_version_of_a_prompt_is_its_content(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("### user\na")
    first = prompt_hash(path)
    path.write_text("### user\nb")
    assert prompt_hash(path) != first
