"""Answers in a form: the strict parser, the one repair, the typed failure."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import LaterError
from trailerflow.llm.structured import Form, UnreadableError, ask_form, parse_document
from trailerflow.llm.types import Answer
from unit.scripted_model import ScriptedModel


def read_number(document: object) -> int:
    if not isinstance(document, dict) or not isinstance(document.get("number"), int):
        raise UnreadableError("there is no number")
    return document["number"]


FORM = Form({"type": "object", "properties": {"number": {"type": "integer"}}}, read_number)
QUESTION = [{"role": "user", "content": "How many? The film is a war film."}]


def test_a_good_answer_is_asked_for_once():
    says = ScriptedModel('{"number": 3}')
    reading = ask_form(says, QUESTION, FORM, 20)
    assert (reading.value, reading.problem, reading.first_problem, len(reading.answers)) == (3, None, None, 1)
    assert says.asked[0].schema == FORM.schema


def test_one_repair_is_asked_for_and_knows_the_form_alone():
    says = ScriptedModel("Three.", '{"number": 3}')
    reading = ask_form(says, QUESTION, FORM, 20)
    assert (reading.value, reading.problem, reading.first_problem) == (3, None, "the answer is not JSON")
    question, said, repair = says.asked[1].messages
    assert (question, said) == (QUESTION[0], {"role": "assistant", "content": "Three."})
    assert "the answer is not JSON" in repair["content"]
    assert json.dumps(FORM.schema) in repair["content"]
    assert reading.usage == {"prompt_tokens": 400, "completion_tokens": 40, "seconds": 3.0, "cached": False}


def test_after_one_repair_it_is_a_failure():
    says = ScriptedModel("Three.", '{"count": 3}', '{"number": 3}')
    reading = ask_form(says, QUESTION, FORM, 20)
    assert (reading.value, reading.problem, len(says.asked)) == (None, "there is no number", 2)


def test_a_cut_answer_is_told_as_cut():
    cut = Answer('{"num', "length", 10, 5, 1.0, False, [])
    reading = ask_form(ScriptedModel(cut, cut), QUESTION, FORM, 20)
    assert (reading.problem, reading.is_cut) == ("the answer is not JSON and was cut off", True)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer("", "stop", 1, 0, 1.0, False, []), "the model's answer is empty"),
        (Answer("", "length", 1, 9, 1.0, False, []), "the model's answer is empty and was cut off"),
        (
            Answer("", "stop", 1, 0, 1.0, False, [], refusal="I cannot."),
            "the model refused to answer: I cannot.",
        ),
        (
            Answer("", "content_filter", 1, 0, 1.0, False, []),
            "the server's content filter withheld the answer",
        ),
    ],
)
def test_where_there_are_no_words_none_are_put_right(answer, problem):
    says = ScriptedModel(answer)
    assert ask_form(says, QUESTION, FORM, 20).problem == problem
    assert len(says.asked) == 1


def test_a_repair_for_later_is_later():
    with pytest.raises(LaterError):
        ask_form(ScriptedModel("Three.", LaterError("quota")), QUESTION, FORM, 20)


@pytest.mark.parametrize("text", ['{"a": 1}', ' {"a": 1}\n', '```json\n{"a": 1}\n```', '```\n{"a": 1}\n```'])
def test_one_document_is_read(text):
    assert parse_document(text) == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        'Sure! {"a": 1}',
        '{"a": 1} Enjoy!',
        '```json\n{"a": 1}\n```\nDone',
        "{'a': 1}",
        '{"a": 1',
        "",
        "[" * 9000,
    ],
)
def test_nothing_is_guessed(text):
    with pytest.raises(UnreadableError, match="not JSON"):
        parse_document(text)


@given(st.text())
def test_any_text_is_a_document_or_unreadable(text):
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    try:
        assert parse_document(text) == expected or expected is None
    except UnreadableError:
        assert expected is None
