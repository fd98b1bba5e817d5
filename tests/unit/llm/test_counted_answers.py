"""What an answer costs, and when the budget stops."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from loopback_llm.faults import Fault

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm import bounded_client
from trailerflow.llm.budget import Budget, Cost
from trailerflow.llm.operation import Operation
from unit.llm.hosted_client import ask, kept, make_client, many

# ---- the budget


def test_the_budget_stops_before_it_is_passed_and_says_so(site, tmp_path):
    # A request is set aside with its bytes (1), 16 for the form of chat, and 5 to write; it takes 1 and 2.
    prices = {"input": 1.0, "output": 1.0, "date": "2026-11-23"}
    client = make_client(site, tmp_path, Operation(budget_tokens=30), prices=prices, slots=1)
    answers = many(client, [ask(str(n)) for n in range(6)])
    given = [answer for answer in answers.values() if not isinstance(answer, LaterError)]
    assert len(given) == len(site.journal) == 3
    later = next(answer for answer in answers.values() if isinstance(answer, LaterError))
    assert "the budget of 30 tokens would be passed (9 are spent); raise models.budget.tokens" in later.reason
    assert json.loads((tmp_path / "cache/budget.json").read_text()) == {"tokens": 9, "usd": 0.000009}


def test_a_request_larger_than_the_minute_is_for_a_larger_plan_and_stops_no_other(site, tmp_path):
    client = make_client(site, tmp_path, limits={"tokens_per_minute": 25})
    with pytest.raises(LaterError, match=r"let 25 a minute; raise limits\.tokens_per_minute"):
        client.ask(ask("a much longer question"))
    assert site.journal == []
    assert Budget(tmp_path / "cache/budget.json", None, None).spent() == Cost()
    assert client.ask(ask("a")).text == "about a"


def test_the_worst_case_is_that_of_the_longest_answer_that_the_request_allows(site, tmp_path):
    client = make_client(
        site, tmp_path, Operation(budget_tokens=400), parameters={"max_completion_tokens": 5000}
    )
    with pytest.raises(LaterError, match="the budget of 400 tokens would be passed"):
        client.ask(ask("a"))
    assert site.journal == []


# ---- a question that was cut


@pytest.mark.parametrize(
    ("words", "counted", "told"),
    [
        (12_000, 2050, True),
        (3000, 2048, True),
        (1000, 949, True),
        (1000, 951, False),
        (400, 50, False),
        (401, 50, True),
    ],
)
def test_a_question_that_the_server_cut_is_noticed(site, tmp_path, words, counted, told):
    usage = {"prompt_tokens": counted, "completion_tokens": 3, "total_tokens": counted + 3}
    site.fail(Fault(change=lambda answer: answer.update(usage=usage)))
    client = make_client(site, tmp_path, context=131_072)
    if not told:
        assert client.ask(ask("w " * words)).prompt_tokens == counted
        return
    with pytest.raises(RefusedError) as caught:
        client.ask(ask("w " * words))
    assert f"hosted read {counted} tokens of a question of {words} words" in caught.value.reason
    assert "its context in models.llm, 131072; raise the one or lower the other" in caught.value.reason
    assert kept(tmp_path) == []
    assert json.loads((tmp_path / "cache/budget.json").read_text())["tokens"] > counted


def test_a_server_that_does_not_count_is_not_said_to_cut(site, tmp_path):
    site.fail("no usage")
    assert make_client(site, tmp_path).ask(ask("w " * 1000)).estimated


# ---- seconds and tokens, to the number


def test_the_seconds_are_those_of_the_request(site, tmp_path):
    site.delay = 0.2
    start = time.monotonic()
    seconds = make_client(site, tmp_path).ask(ask("a")).seconds
    assert 0.2 <= seconds <= time.monotonic() - start
    assert seconds == round(seconds, 3)


def test_the_seconds_are_kept_in_thousandths(site, tmp_path, monkeypatch):
    times = iter([0.5, 1.73456])
    monkeypatch.setattr(bounded_client, "time", SimpleNamespace(monotonic=lambda: next(times)))
    answer = make_client(site, tmp_path).ask(ask("a"))
    assert json.loads(Path(str(answer.kept)).read_text())["answer"]["seconds"] == 1.235


@pytest.mark.parametrize("status", [400, 500, 403])
def test_a_reply_that_is_no_answer_costs_nothing(site, tmp_path, monkeypatch, status):
    monkeypatch.setattr("trailerflow.llm.client.PAUSES", ())
    site.fail(Fault(status, b'{"error": {"message": "prompt is too long, or flagged"}}'))
    with pytest.raises((LaterError, RefusedError)):
        make_client(site, tmp_path).ask(ask("a"))
    assert Budget(tmp_path / "cache/budget.json", None, None).spent() == Cost()


def test_a_limit_that_comes_with_status_200_costs_nothing(site, tmp_path):
    site.fail(Fault(200, b'{"error": {"message": "Retry in 2 hours", "code": 429}}'))
    with pytest.raises(LaterError):
        make_client(site, tmp_path).ask(ask("a"))
    assert Budget(tmp_path / "cache/budget.json", None, None).spent() == Cost()


def test_what_is_set_aside_is_the_worst_case(site, tmp_path):
    # 3 bytes and 8 tokens for the message and 8 for the answer's, and 5 of the answer.
    assert 3 + 16 + 5 == 24
    with pytest.raises(LaterError, match="budget of 23 tokens"):
        make_client(site, tmp_path, Operation(budget_tokens=23)).ask(ask("abc"))
    assert make_client(site, tmp_path, Operation(budget_tokens=24)).ask(ask("abc")).text == "about abc"


@pytest.mark.parametrize(
    ("usage", "tokens"), [(None, (2, 3)), ({"prompt_tokens": 7, "completion_tokens": 0}, (2, 3))]
)
def test_tokens_that_nobody_counted_are_guessed_by_length(site, tmp_path, usage, tokens):
    site.reply = lambda body: "0123456789"
    site.fail(Fault(change=lambda answer: answer.update(usage=usage)))
    answer = make_client(site, tmp_path).ask(ask("abcdefg"))
    assert (answer.prompt_tokens, answer.completion_tokens, answer.estimated) == (*tokens, True)


def test_an_answer_without_words_and_tokens_is_counted(site, tmp_path):
    site.reply = lambda body: ""
    site.fail(Fault(change=lambda answer: answer.update(usage={"prompt_tokens": 7, "completion_tokens": 0})))
    answer = make_client(site, tmp_path).ask(ask("abcdefg"))
    assert (answer.prompt_tokens, answer.completion_tokens, answer.estimated) == (7, 0, False)


def test_a_model_without_prices_costs_tokens_and_no_money(site, tmp_path):
    make_client(site, tmp_path).ask(ask("a"))
    assert json.loads((tmp_path / "cache/budget.json").read_text()) == {"tokens": 3, "usd": 0.0}


def test_an_answer_lies_in_a_folder_of_two_letters(site, tmp_path):
    kept_at = Path(make_client(site, tmp_path).ask(ask("a")).kept or "")
    assert kept_at.parent.name == kept_at.name[3:5]
