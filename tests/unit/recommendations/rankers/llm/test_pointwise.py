"""A language model that is asked film by film: every film has a status, and every request the same words as ever."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.prompts import prompt_hash
from trailerflow.llm.types import Answer
from trailerflow.recommendations.rankers.llm.likelihood import Likelihood
from trailerflow.recommendations.rankers.llm.yes_no import YesNo
from unit.recommendations.rankers.llm.asked import FILMS, PROMPTS, scored
from unit.scripted_model import ScriptedModel


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def answer(logprobs: dict[str, float] | None) -> Answer:
    return Answer("Yes", "length", 100, 1, 0.5, False, [logprobs] if logprobs else [])


def test_every_film_has_a_status() -> None:
    answers: list[Answer | LaterError | RefusedError] = [
        answer({"Yes": -0.5, "No": -1.5}),
        LaterError("quota", "2030-01-01T00:00:00Z"),
        RefusedError("too long"),
        answer(None),
        answer({"Well": -0.1}),
    ]
    client = ScriptedModel(*answers)
    client.model.hash = "abc"
    ranker = YesNo(client, PROMPTS / "yes_no.txt")
    scores = scored(ranker, FILMS)
    assert scores.told["status"] == ["ok", "later", "failed", "failed", "failed"]
    assert scores.scores[0] == pytest.approx(1.0)
    assert pd.isna(scores.scores).tolist() == [False, True, True, True, True]
    assert scores.told["reason"][1:4] == [
        "quota", "too long", "the server gives no log-probabilities of its tokens; set log_probabilities: false",
    ]  # fmt: skip
    assert scores.told["earliest"][1] == "2030-01-01T00:00:00Z"
    assert scores.told["prompt_tokens"] == [100, None, None, 100, 100]
    (usage,) = ranker.about()["usage"]
    assert (usage["model"], usage["prompt"], usage["movies"], usage["requests"]) == (
        "scripted",
        "yes_no",
        5,
        3,
    )
    assert ranker.about()["models"] == [
        {"name": "scripted", "hash": "abc", "prompt_hash": prompt_hash(PROMPTS / "yes_no.txt")}
    ]
    assert {(request.max_tokens, request.top_logprobs) for request in client.asked} == {(1, 20)}
    first, second = (request.messages[-1]["content"] for request in client.asked[:2])
    assert "Braces {title} stay." in first
    assert "- 4 of 5, liked: A Film (1980), War" in first
    assert (
        first.split("Number f0")[0] == second.split("Number f1")[0]
    )  # what a user's films share comes first


def test_a_model_without_log_probabilities_is_asked_for_a_likelihood() -> None:
    client = ScriptedModel(
        '{"likelihood": 7}', "7", '{"likelihood": 11}', RefusedError("too long"), log_probabilities=False
    )
    scores = scored(Likelihood(client, PROMPTS / "likelihood.txt"), FILMS[:3])
    assert scores.told["status"] == ["ok", "failed", "failed"]
    assert scores.scores[0] == 7
    assert scores.told["reason"][1:] == [
        "the likelihood is '11', no whole number from 0 to 10", "too long",
    ]  # fmt: skip
    assert {request.top_logprobs for request in client.asked} == {0}
