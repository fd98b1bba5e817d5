"""Yes-or-no questions."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from trailerflow.llm.first_token import NO_LOGPROBS
from trailerflow.llm.yes_no import ask_yes_no, yes_no_score
from unit.scripted_model import ScriptedModel, said


def test_yes_no_score_adds_up_spellings_and_bounds_a_missing_side() -> None:
    logprobs = {"Yes": math.log(0.4), " yes": math.log(0.2), "NO": math.log(0.3), "Maybe": math.log(0.1)}
    assert yes_no_score(logprobs) == pytest.approx(math.log(0.6 / 0.3))
    assert yes_no_score({"Yes": -0.1, "Sure": -4.0}) == pytest.approx(-0.1 - (-5.0))
    assert yes_no_score({"No": -0.1, "Sure": -4.0}) == pytest.approx(-5.0 - (-0.1))
    assert yes_no_score({"Well": -0.1}) is None
    assert yes_no_score({"Yes": -9999.0, "No": 0.0}) == -9999.0  # how some servers write "impossible"


def test_one_token_is_asked_for_and_an_answer_without_alternatives_is_told() -> None:
    answer = replace(said("Yes"), top_logprobs=[{"Yes": -0.1, "No": -2.1}])
    client = ScriptedModel(answer, said("Yes"))
    question = [{"role": "user", "content": "Is it?"}]
    assert ask_yes_no(client, question).value == pytest.approx(2.0)
    assert (client.asked[0].max_tokens, client.asked[0].top_logprobs) == (1, 20)
    reading = ask_yes_no(client, question)
    assert (reading.value, reading.problem) == (None, NO_LOGPROBS)
