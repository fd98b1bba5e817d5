"""The loopback service for language models, seen by OpenAI's and Groq's official clients."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import jsonschema
import openai
import pytest
from loopback_llm import FAULTS, Site
from loopback_llm.faults import in_date, late, retry_after

from unit.official_clients import SDKS, ask, ask_raw, client_of, statuses

pytestmark = pytest.mark.slow

TIMEOUT_SECONDS = 0.5


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(models=["m", "openai/gpt-oss-20b"]) as site:
        yield site


@pytest.fixture(params=SDKS)
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def client(site: Site, dialect: str) -> Any:
    return client_of(site, dialect)


# ---- good answers


def test_a_completion(site, dialect, client):
    answer = ask(client)
    (choice,) = answer.choices
    assert (answer.object, answer.model, choice.index, choice.finish_reason) == (
        "chat.completion",
        "m",
        0,
        "stop",
    )
    assert (choice.message.role, choice.logprobs) == ("assistant", None)
    assert abs(answer.created - time.time()) < 60
    written = len(choice.message.content.split())
    assert 40 <= written <= 70
    usage = answer.usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (2, written, written + 2)
    assert (getattr(usage, "total_time", None) is not None) == (dialect == "groq")
    assert (getattr(answer, "x_groq", None) is not None) == (dialect == "groq")
    (entry,) = site.journal
    assert entry["path"] == ("/openai/v1" if dialect == "groq" else "/v1") + "/chat/completions"
    assert (entry["key"], entry["status"], entry["whole"]) == ("Bearer secret-value", 200, True)


def test_the_same_messages_get_the_same_text(client):
    def text(*contents: str) -> str:
        messages = [{"role": "user", "content": content} for content in contents]
        return ask(client, messages=messages).choices[0].message.content

    assert text("a", "b") == text("a", "b")
    assert len({text("a"), text("b"), text("a", "b"), text("b", "b")}) == 4


def test_a_document_keeps_to_its_schema(client):
    schema = {
        "type": "object",
        "properties": {
            "genres": {"type": "array", "minItems": 2, "items": {"type": "string", "enum": ["Drama", "War"]}},
            "likelihood": {"type": "integer", "minimum": 3, "maximum": 5},
            "reason": {"type": "string"},
            "sure": {"type": "boolean"},
            "more": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
        },
        "required": ["genres", "likelihood", "reason", "sure", "more"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    for number in range(20):
        answer = ask(client, messages=[{"role": "user", "content": str(number)}], response_format=form)
        jsonschema.validate(json.loads(answer.choices[0].message.content), schema)


def test_log_probabilities_come_when_they_are_asked_for(client):
    (token,) = ask(client, logprobs=True, top_logprobs=2).choices[0].logprobs.content
    assert {top.token: top.logprob for top in token.top_logprobs} == {"Yes": -0.1, "No": -2.5}


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_an_answer_is_cut_at_its_longest(client, name):
    whole, answer = ask(client), ask(client, **{name: 5})
    assert answer.choices[0].finish_reason == "length"
    assert answer.choices[0].message.content.split() == whole.choices[0].message.content.split()[:5]
    assert answer.usage.completion_tokens == 5


def test_a_reply_of_ones_own(site, client):
    site.reply = lambda body: f"{body['temperature']} {body['messages'][0]['content']}"
    assert ask(client, temperature=0.5).choices[0].message.content == "0.5 A question."


def test_the_list_of_models(site, dialect, client):
    assert [model.id for model in client.models.list().data] == ["m", "openai/gpt-oss-20b"]
    assert client.models.retrieve("m").id == "m"
    assert client.models.retrieve("openai/gpt-oss-20b").id == "openai/gpt-oss-20b"
    with pytest.raises(SDKS[dialect].NotFoundError) as caught:
        client.models.retrieve("n")
    assert json.loads(caught.value.response.content)["error"]["code"] == "model_not_found"
    assert site.journal == []


def test_another_key_is_refused(site, dialect, client):
    site.key = "another"
    for asking in (lambda: ask(client), client.models.list):
        with pytest.raises(SDKS[dialect].AuthenticationError):
            asking()
    site.key = "secret-value"
    assert ask(client).choices


def test_another_address_is_not_found(site):
    wrong = openai.OpenAI(api_key="k", base_url=f"{site.groq_address}/v2", max_retries=0)
    for asking in (lambda: ask(wrong), wrong.models.list):
        with pytest.raises(openai.NotFoundError):
            asking()


# ---- faults

ERRORS = {
    "429": "RateLimitError", "429 by its words": "RateLimitError", "day spent": "RateLimitError",
    "day spent, by its words": "RateLimitError", "no credit": "RateLimitError", "no balance": "APIStatusError",
    "500": "InternalServerError", "502": "InternalServerError", "503": "InternalServerError",
    "503 with a wait": "InternalServerError", "529": "InternalServerError",
    "hang": "APITimeoutError", "reset": "APIConnectionError", "cut": "APIConnectionError",
    "context too long": "BadRequestError", "no schema": "BadRequestError", "schema failed": "BadRequestError",
    "wrong key": "AuthenticationError", "no permission": "PermissionDeniedError", "no model": "NotFoundError",
    "retired model": "BadRequestError", "too large": "APIStatusError",
}  # fmt: skip
"""What both clients raise, of their own accord and when they are asked for raw answers."""

CAUSES = {"hang": "ReadTimeout", "reset": "ReadError", "cut": "RemoteProtocolError"}

UNREADABLE = {"half a document": "JSONDecodeError", "empty body": "JSONDecodeError"}
"""What both clients raise that is no error of theirs; a raw answer arrives, and raises when it is parsed."""

PASSED_ON = {
    "web page", "other JSON", "error with 200", "limit with 200", "refusal", "content filter", "empty content",
    "null content", "cut by length", "no usage", "no choices",
}  # fmt: skip
"""What both clients give back as if it were well."""


def test_every_fault_is_in_one_of_the_tables():
    tables = (ERRORS.keys(), UNREADABLE.keys(), PASSED_ON)
    assert sum(map(len, tables)) == len(FAULTS)
    assert set().union(*tables) == set(FAULTS)


@pytest.mark.parametrize("asking", [ask, ask_raw])
@pytest.mark.parametrize("fault", ERRORS)
def test_what_raises_an_error_of_the_client(site, dialect, asking, fault):
    site.fail(fault)
    with pytest.raises(SDKS[dialect].APIError) as caught:
        asking(client_of(site, dialect, *([TIMEOUT_SECONDS] if fault == "hang" else [])))
    assert type(caught.value).__name__ == ERRORS[fault]
    (entry,) = site.journal
    assert (entry["fault"], entry["whole"]) == (fault, fault not in CAUSES)
    if fault in CAUSES:
        assert type(caught.value.__cause__).__name__ == CAUSES[fault]
    else:
        assert caught.value.response.status_code == entry["status"] == FAULTS[fault].status
        assert caught.value.response.content == FAULTS[fault].body
    assert ask(client_of(site, dialect)).choices  # the next answer is well


@pytest.mark.parametrize("fault", UNREADABLE)
def test_what_raises_an_error_that_is_not_the_clients(site, client, fault):
    site.fail(fault, times=2)
    with pytest.raises(json.JSONDecodeError):
        ask(client)
    raw = ask_raw(client)
    assert (raw.status_code, raw.content) == (200, FAULTS[fault].body)


def test_a_web_page_comes_back_as_a_string(site, client):
    site.fail("web page", times=2)
    assert ask(client) == FAULTS["web page"].body.decode()
    assert ask_raw(client).headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("fault", ["other JSON", "error with 200", "limit with 200"])
def test_json_without_an_answer_comes_back_as_a_completion_without_choices(site, client, fault):
    site.fail(fault)
    assert ask(client).choices is None


@pytest.mark.parametrize(
    ("fault", "finish_reason", "content", "refusal"),
    [
        ("refusal", "stop", None, "I cannot help with that."),
        ("content filter", "content_filter", "words", None),
        ("empty content", "stop", "", None),
        ("null content", "stop", None, None),
        ("cut by length", "length", "words", None),
        ("no usage", "stop", "words", None),
    ],
)
def test_an_answer_that_is_wanting(site, client, fault, finish_reason, content, refusal):
    site.fail(fault)
    site.reply = lambda body: "words"
    answer = ask(client)
    (choice,) = answer.choices
    assert (choice.finish_reason, choice.message.content) == (finish_reason, content)
    assert choice.message.to_dict().get("refusal") == refusal
    assert (answer.usage is None) == (fault == "no usage")


def test_no_choices(site, client):
    site.fail("no choices")
    assert ask(client).choices == []


@pytest.mark.parametrize("value", ["7", "1.5", "86400", "0", in_date(90)])
def test_a_wait_of_any_form_and_length(site, dialect, client, value):
    site.fail(retry_after(value))
    with pytest.raises(SDKS[dialect].RateLimitError) as caught:
        ask(client)
    assert caught.value.response.headers["Retry-After"] == value


def test_a_wait_in_a_date_is_a_time_to_come():
    assert parsedate_to_datetime(in_date(90)).timestamp() - time.time() == pytest.approx(90, abs=2)


@pytest.mark.parametrize("fault", ["429", "no credit", "day spent, by its words"])
def test_a_429_without_a_wait(site, dialect, client, fault):
    site.fail(fault)
    with pytest.raises(SDKS[dialect].RateLimitError) as caught:
        ask(client)
    assert "Retry-After" not in caught.value.response.headers


def test_a_late_answer(site, dialect):
    site.fail(late(0.3), times=1)
    site.fail(late(30), times=1)
    start = time.monotonic()
    assert ask(client_of(site, dialect)).choices
    assert time.monotonic() - start >= 0.3
    with pytest.raises(SDKS[dialect].APITimeoutError):
        ask(client_of(site, dialect, TIMEOUT_SECONDS))


def test_faults_befall_as_often_as_they_are_scripted(site):
    site.fail("503", times=2)
    site.fail("500")
    assert statuses(site, *"abcd") == [503, 503, 500, 200]


def test_faults_befall_the_messages_that_hold_a_text(site):
    site.fail("503", times=float("inf"), containing="b")
    assert statuses(site, "ab", "a", "bc", "c") == [503, 200, 503, 200]
    site.heal()
    assert statuses(site, "ab")[-1] == 200


def test_faults_befall_the_request_of_a_number(site):
    site.fail("503", number=2)
    site.fail("500", number=0)
    assert statuses(site, *"abcd") == [500, 200, 503, 200]
