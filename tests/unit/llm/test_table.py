"""Many questions told as rows: each row says what came of its question; the progress is shown and taken away."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.structured import Form, Reading, UnreadableError, ask_form
from trailerflow.llm.table import ask_table
from unit.scripted_model import ScriptedModel, said


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read_number(document: object) -> int:
    if not isinstance(document, dict) or not isinstance(document.get("number"), int):
        raise UnreadableError("there is no number")
    return document["number"]


def asked_by(workers: int) -> ScriptedModel:
    """The way to a model that so many threads ask."""
    model = ScriptedModel()
    model.model.workers = workers
    return model


FORM = Form({"type": "object"}, read_number)
SHOWN = {"client": asked_by(1), "rule": "count", "unit": "questions"}


def test_a_row_says_what_came_of_its_question_and_what_it_cost():
    says = ScriptedModel(
        '{"number": 3}',
        LaterError("quota", "2026-01-01T00:00:00Z"),
        RefusedError("too long"),
        "Three.",
        '{"number": 4}',
        "Many.",
        "Many.",
    )
    asked = ask_table(list("abcde"), lambda name: ask_form(says, [{"content": name}], FORM, 20), **SHOWN)
    once = {"prompt_tokens": 200, "completion_tokens": 20, "seconds": 1.5}
    twice = {"prompt_tokens": 400, "completion_tokens": 40, "seconds": 3.0}
    assert asked.rows == [
        once | {"status": "ok"},
        {"status": "later", "reason": "quota", "earliest": "2026-01-01T00:00:00Z"},
        {"status": "failed", "reason": "too long"},
        twice | {"status": "ok"},
        twice | {"status": "failed", "reason": "the answer is not JSON"},
    ]
    assert [reading and reading.value for reading in asked.readings] == [3, None, None, 4, None]
    assert [usage["completion_tokens"] for usage in asked.usages] == [20] * 5


def test_a_value_of_nought_is_an_answer():
    asked = ask_table([0], lambda number: Reading(number, None, None, (said("0"),)), **SHOWN)
    assert [row["status"] for row in asked.rows] == ["ok"]


def test_rows_stand_in_the_order_of_the_questions_whatever_is_answered_first():
    last_is_answered = threading.Event()

    def ask(number: int) -> Reading[int]:
        if number == 3:
            last_is_answered.set()
        assert last_is_answered.wait(10)
        return Reading(number, None, None, (said(str(number), run=str(number)),))

    asked = ask_table([1, 2, 3], ask, client=asked_by(3), rule="count", unit="questions")
    assert [reading and reading.value for reading in asked.readings] == [1, 2, 3]
    assert [usage["run"] for usage in asked.usages] == ["1", "2", "3"]


def test_those_of_a_group_are_asked_one_after_another():
    order = []

    def ask(number: int) -> Reading[int]:
        order.append(number)
        return Reading(number, None, None, (said("Yes."),))

    ask_table([1, 2, 3], ask, groups=["x", "y", "x"], **SHOWN)
    assert order == [1, 3, 2]


def test_no_question_is_no_row():
    assert ask_table([], lambda question: Reading(question, None, None, ()), **SHOWN).rows == []


def test_the_progress_is_shown_while_it_is_asked_and_gone_afterwards():
    seen = []

    def ask(question: str) -> Reading[str]:
        seen.extend(json.loads(path.read_text()) for path in Path("run/progress").glob("*.json"))
        return Reading(question, None, None, (said("Yes."),))

    ask_table(["a"], ask, **SHOWN)
    assert seen == [{"rule": "count", "done": 0, "total": 1, "unit": "questions"}]
    assert not list(Path("run/progress").iterdir())


def test_an_error_of_the_set_up_goes_through_and_leaves_no_progress():
    def ask(question: str) -> Reading[str]:
        raise ValueError(question)

    with pytest.raises(ValueError, match="a"):
        ask_table(["a", "b"], ask, **SHOWN)
    assert not list(Path("run/progress").iterdir())
