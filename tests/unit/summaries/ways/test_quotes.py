"""Quotes that are spoken and quotes that are not, and answers of no use, in the ways that ask for quotes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.outcomes import Outcome
from trailerflow.summaries.summarise_movie import summarise_movie
from trailerflow.summaries.ways import way_of
from trailerflow.summaries.ways.quotes import is_spoken, spoken
from trailerflow.text import compared_words
from unit.scripted_model import ScriptedModel

PROMPTS = Path(__file__).parents[4] / "resources/prompts/summaries"
SPOKEN = "My father mended every bell. The night the dam broke he went up to the tower."
TRANSCRIPT = Outcome.ok("prepare_transcript", "42", {"text": SPOKEN, "words": 16})
WORDS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=8)


def summarise(name: str, *answers: str) -> Outcome:
    way = way_of(name)
    prompts = {prompt: PROMPTS / f"{prompt}.txt" for prompt in way.prompts}
    return summarise_movie(
        TRANSCRIPT, title="Bells", way=way, prompts=prompts, words=40, client=ScriptedModel(*answers)
    )


@given(WORDS, WORDS)
def test_a_quote_is_spoken_where_its_words_stand_in_a_row(quote, transcript):
    expected = len(quote) >= 3 and f" {' '.join(quote)} " in f" {' '.join(transcript)} "
    assert is_spoken(" ".join(quote), transcript) == expected


def test_case_and_punctuation_do_not_count_and_each_is_told_once():
    quotes = ["the NIGHT, the dam broke!", "the night the dam fell", "to the tower", "to the tower"]
    assert spoken(quotes, SPOKEN) == ["the NIGHT, the dam broke!", "to the tower"]
    assert not is_spoken("the tower", compared_words(SPOKEN))  # too short to show anything


def test_a_sentence_whose_quote_is_not_spoken_is_left_out():
    claims = [
        {"claim": "A man climbs a tower.", "quote": "he went up to the tower"},
        {"claim": "He is killed.", "quote": "and nobody saw him again"},
    ]
    assert summarise("quoted", json.dumps({"claims": claims})).data["summary"] == "A man climbs a tower."


def test_where_no_quote_is_spoken_there_is_no_summary():
    claims = [{"claim": "He is killed.", "quote": "and nobody saw him again"}]
    assert summarise("quoted", json.dumps({"claims": claims})).status == "absent"
    assert (
        summarise("extract_then_write", json.dumps({"quotes": ["nobody saw him again"]})).status == "absent"
    )


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("quoted", "A man climbs a tower."),
        ("quoted", '{"claims": [{"claim": "A man climbs a tower."}]}'),
        ("extract_then_write", '{"quotes": "to the tower"}'),
    ],
)
def test_what_cannot_be_read_is_asked_for_once_more_and_then_fails(name, answer):
    outcome = summarise(name, answer, answer)
    assert outcome.status == "failed"
    assert len(outcome.source["usages"]) == 2


def test_the_summary_is_written_of_the_spoken_lines_alone():
    model = ScriptedModel('{"quotes": ["he went up to the tower", "he was never seen"]}', "A man climbs.")
    way = way_of("extract_then_write")
    prompts = {prompt: PROMPTS / f"{prompt}.txt" for prompt in way.prompts}
    summarise_movie(TRANSCRIPT, title="Bells", way=way, prompts=prompts, words=40, client=model)
    told = model.asked[1].messages[-1]["content"]
    assert "he went up to the tower" in told
    assert "never seen" not in told


def test_the_sample_that_is_most_like_the_others_is_kept():
    answers = ["A dog sleeps.", "A cat runs home.", "A cat runs.", "A cat runs away."]
    outcome = summarise("most_central", *answers)
    assert outcome.data["summary"] == "A cat runs."
    assert len(outcome.source["usages"]) == 4
