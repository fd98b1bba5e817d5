"""The LLM client against a server on loopback: what is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from loopback_llm import Site

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.llm.operation import Operation
from trailerflow.llm.types import Request
from unit.llm.hosted_client import ask, make_client


@pytest.mark.parametrize(
    ("structured", "expected"),
    [
        ("schema", {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": {"type": "object"}}}),
        ("json", {"type": "json_object"}),
        ("text", None),
    ],
)  # fmt: skip
def test_an_answer_is_held_to_its_form_as_the_server_can(site, tmp_path, structured, expected):
    make_client(site, tmp_path, structured=structured).ask(ask("a", schema={"type": "object"}))
    assert site.journal[0].get("response_format") == expected


def test_what_is_null_is_not_sent_and_parameters_are(site, tmp_path):
    settings = {"temperature": None, "seed": None, "parameters": {"reasoning_effort": "low"}}
    make_client(site, tmp_path, reasoning_tokens=100, **settings).ask(ask("a"))
    (asked,) = site.journal
    assert not {"temperature", "seed", "frequency_penalty"} & set(asked)
    assert (asked["reasoning_effort"], asked["max_tokens"]) == ("low", 105)


def test_each_sample_has_a_seed_of_its_own_and_is_kept(site, tmp_path):
    client = make_client(site, tmp_path, seed=7)
    for sample in (0, 1, 2, 2):
        client.ask(ask("a", sample=sample))
    chosen = [(asked["temperature"], asked["seed"]) for asked in site.journal]
    assert chosen == [(0.0, 7), (0.7, 8), (0.7, 9)]
    make_client(site, tmp_path, temperature=None, seed=None).ask(ask("a", sample=1))
    assert not {"temperature", "seed"} & set(site.journal[-1])


@pytest.mark.parametrize(
    ("kind", "path"), [("openai", "/v1/chat/completions"), ("groq", "/openai/v1/chat/completions")]
)
def test_the_services_are_asked_by_their_own_clients(site, tmp_path, monkeypatch, kind, path):
    monkeypatch.setenv("THE_KEY", "secret-value")
    base = site.address if kind == "openai" else site.groq_address
    make_client(site, tmp_path, kind=kind, base_url=base, key_variable="THE_KEY").ask(ask("a"))
    (asked,) = site.journal
    assert (asked["path"], asked["max_completion_tokens"], asked["key"]) == (path, 5, "Bearer secret-value")
    assert "max_tokens" not in asked


def test_a_missing_key_is_told(site, tmp_path, monkeypatch):
    monkeypatch.delenv("THE_KEY", raising=False)
    with pytest.raises(
        TrailerflowError, match="Model hosted needs an API key: set the environment variable THE_KEY"
    ):
        make_client(site, tmp_path, key_variable="THE_KEY").ask(ask("a"))


def test_log_probabilities_come_by_token(site, tmp_path):
    answer = make_client(site, tmp_path).ask(ask("a", top_logprobs=2))
    assert answer.top_logprobs == [{"Yes": -0.1, "No": -2.5}]
    assert site.journal[0]["top_logprobs"] == 2


def body_of(site: Site, folder: Path, request: Request, **settings: Any) -> dict[str, Any]:
    make_client(site, folder, **settings).ask(request)
    return site.journal[-1]


def test_a_null_among_the_parameters_removes_a_field(site, tmp_path):
    asked = body_of(
        site, tmp_path, ask("a"), parameters={"max_tokens": None, "seed": None, "max_completion_tokens": 7}
    )
    assert not {"max_tokens", "seed"} & asked.keys()
    assert asked["max_completion_tokens"] == 7


def test_without_a_longest_answer_the_whole_context_is_set_aside(site, tmp_path):
    budget = Operation(budget_tokens=4000)
    with pytest.raises(LaterError, match="the budget of 4000 tokens would be passed"):
        make_client(site, tmp_path, budget, parameters={"max_tokens": None}).ask(ask("a"))


def test_a_system_turn_can_be_folded_into_the_users(site, tmp_path):
    turns = [
        {"role": "system", "content": "You sort films."},
        {"role": "user", "content": "One."},
        {"role": "assistant", "content": "Drama."},
        {"role": "user", "content": "Two."},
    ]
    asked = body_of(site, tmp_path, Request(turns, max_tokens=5), system_role="user")
    assert asked["messages"] == [
        {"role": "user", "content": "You sort films.\n\nOne."},
        {"role": "assistant", "content": "Drama."},
        {"role": "user", "content": "Two."},
    ]
    assert turns[1]["content"] == "One."


@pytest.mark.parametrize(("most", "asked"), [(5, 5), (20, 8), (None, 8)])
def test_the_number_of_alternatives_can_be_limited(site, tmp_path, most, asked):
    assert body_of(site, tmp_path, ask("a", top_logprobs=8), top_logprobs=most)["top_logprobs"] == asked


def test_a_schema_is_sent_without_the_words_that_strict_modes_refuse(site, tmp_path):
    schema = {
        "type": "object",
        "properties": {
            "minimum": {"type": "integer", "minimum": 0, "maximum": 10},
            "genres": {"type": "array", "minItems": 1, "maxItems": 5, "items": {"type": "string", "pattern": "x", "enum": ["Drama"]}},
        },
        "required": ["minimum", "genres"],
        "additionalProperties": False,
    }  # fmt: skip
    site.reply = lambda body: "{}"
    sent = body_of(site, tmp_path, ask("a", schema=schema))["response_format"]["json_schema"]["schema"]
    assert sent == {
        "type": "object",
        "properties": {
            "minimum": {"type": "integer"},
            "genres": {"type": "array", "items": {"type": "string", "enum": ["Drama"]}},
        },
        "required": ["minimum", "genres"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("path", ["", "/openai/v1"])
def test_groq_is_asked_under_its_documented_address_too(site, tmp_path, path):
    make_client(site, tmp_path, kind="groq", base_url=f"{site.groq_address}{path}", key_variable=None).ask(
        ask("a")
    )
    assert site.journal[-1]["path"] == "/openai/v1/chat/completions"


@pytest.mark.parametrize(
    ("structured", "form"),
    [("schema", "json_schema"), ("json", "json_object"), ("text", None)],
)
def test_how_a_model_is_held_to_a_form(site, tmp_path, structured, form):
    site.reply = lambda body: "{}"
    sent = body_of(site, tmp_path, ask("a", schema={"type": "object"}), structured=structured)
    assert (sent.get("response_format") or {}).get("type") == form


def test_without_a_schema_no_form_is_asked_for(site, tmp_path):
    assert "response_format" not in body_of(site, tmp_path, ask("a"), structured="json")


def test_thinking_gets_room_beside_the_answer(site, tmp_path):
    assert body_of(site, tmp_path, ask("a"), reasoning_tokens=100)["max_tokens"] == 105
