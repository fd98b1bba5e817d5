"""Secrets in a configuration: refused where they stand literally, named by their variables, never repeated."""

from __future__ import annotations

from typing import Any

import pytest

from trailerflow.configuration import configuration_problems, secret_variables
from unit.configuration.test_check import ROOT, SCHEMA, changed, hosted


def asked(**more: Any) -> dict[str, Any]:
    """A configuration with a second model, at an address."""
    return hosted(**{"kind": "openai_compatible", "base_url": "http://x.org/v1", **more})


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"parameters": {"api_key": "zzz"}}, "parameters.api_key"),
        ({"parameters": {"extra_headers": {"Authorization": "Bearer zzz"}}}, "parameters.extra_headers.Authorization"),
        ({"parameters": {"extra_body": {"tools": [{"client_secret": "zzz"}]}}}, "parameters.extra_body.tools[0].client_secret"),
        ({"parameters": {"any": "the value zzz-01"}}, "parameters.any"),
        ({"base_url": "http://x.org/v1?api-key=zzz"}, "base_url"),
        ({"base_url": "http://x.org/v1?region=zzz-01"}, "base_url"),
        ({"model": "zzz-01"}, "model"),
    ],
)  # fmt: skip
def test_a_literal_secret_is_refused_and_not_repeated(monkeypatch, more, place):
    monkeypatch.setenv("SOME_TOKEN", "zzz-01")
    (problem,) = configuration_problems(asked(**more), SCHEMA, ROOT)
    assert problem.startswith(
        f"config: models.llm[1].{place} holds a secret as it is, which the list of processes"
    )
    assert problem.endswith(
        "take it out." if place == "model" else "set the environment variable of that name."
    )
    assert ("write ${NAME} in its place" in problem) == (place != "model")
    assert "zzz" not in problem


def test_the_value_of_a_key_is_refused_anywhere_whatever_its_variable_is_called(monkeypatch):
    monkeypatch.setenv("MISTRAL", "zzz-0123")
    config = asked(key_variable="MISTRAL")
    config["web"]["contact"] = "me with zzz-0123"
    (problem,) = configuration_problems(config, SCHEMA, ROOT)
    assert problem.startswith("config: web.contact holds a secret as it is")
    assert "zzz" not in problem


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"base_url": "https://user:zzz@x.org/v1"}, "base_url is not valid: [secret] does not match"),
        ({"base_url": {"api_key": "zzz"}}, "base_url is a section; it must be text."),
        ({"base_url": ["zzz"]}, "base_url is a list; it must be text."),
        ({"key_variable": "zzzZZZ"}, "key_variable is not valid: [secret] does not match"),
        ({"key_variable": 123456}, "key_variable is [secret]; it must be text."),
        ({"api_key": "zzz"}, "api_key is not a setting; there are: name, kind"),
        ({"parameters": "api_key=zzz"}, "parameters is [secret]; it must be a section with keys of its own."),
        ({"structured": "zzz-01"}, "structured is '[secret]'; choose one of"),
        ({"limits": {"zzz-01": 5}}, "limits.[secret] is not a setting; there are: requests_per_minute"),
        ({"slots": True}, "slots is True; it must be a whole number."),
    ],
)  # fmt: skip
def test_no_sentence_on_a_fault_repeats_a_secret(monkeypatch, more, sentence):
    monkeypatch.setenv("SOME_TOKEN", "zzz-01")
    problems = configuration_problems(asked(**more), SCHEMA, ROOT)
    assert any(problem.startswith(f"config: models.llm[1].{sentence}") for problem in problems)
    assert not any("zzz" in problem.replace("zzz-01", "") or "123456" in problem for problem in problems)


def test_cookies_in_the_place_of_their_file_are_not_repeated():
    (problem,) = configuration_problems(changed("web.cookies", "SID=zzz"), SCHEMA, ROOT)
    assert problem == "config: web.cookies names a file, and there is no such file; correct the path."


def test_a_secret_is_named_by_its_variable(monkeypatch):
    monkeypatch.delenv("GATEWAY", raising=False)
    parameters = {"api_key": "${GATEWAY}", "extra_headers": {"Authorization": "Bearer ${GATEWAY}"}}
    config = asked(base_url="http://x.org/v1?sub=${GATEWAY}", parameters=parameters)
    problems = configuration_problems(config, SCHEMA, ROOT)
    assert problems == [
        f"config: models.llm[1].{key} names ${{GATEWAY}}, which is not set: set the environment variable GATEWAY, or remove it."
        for key in ("base_url", "parameters")
    ]
    config["models"]["answers"]["mode"] = "replay"
    assert configuration_problems(config, SCHEMA, ROOT) == []
    config["models"]["answers"]["mode"] = "live"
    monkeypatch.setenv("GATEWAY", "zzz-0123")
    assert configuration_problems(config, SCHEMA, ROOT) == []
    assert secret_variables(config) == ["GATEWAY"]
    config["web"]["contact"] = "zzz-0123"
    assert configuration_problems(config, SCHEMA, ROOT)[0].startswith("config: web.contact holds a secret")


def test_a_secret_stands_in_the_query_of_an_address_only(monkeypatch):
    monkeypatch.setenv("GATEWAY", "zzz-0123")
    (problem,) = configuration_problems(asked(base_url="http://x.org/${GATEWAY}/v1"), SCHEMA, ROOT)
    assert problem.startswith("config: models.llm[1].base_url names ${GATEWAY} before its query")


def test_ordinary_settings_of_a_model_are_no_secrets():
    parameters = {
        "prompt_cache_key": "run-0123456789", "eos_token": "<|im_end|>", "reasoning_effort": "low", "max_tokens": None,
        "random_seed": 0, "stop": ["\n"], "user": "me@example.org", "thinking": {"type": "disabled", "budget_tokens": 5},
    }  # fmt: skip
    config = asked(parameters=parameters, top_logprobs=5, system_role="user", check=False)
    assert configuration_problems(config, SCHEMA, ROOT) == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"top_logprobs": 0}, "top_logprobs is not valid: 0 is less than the minimum of 1."),
        ({"top_logprobs": 21}, "top_logprobs is not valid: 21 is greater than the maximum of 20."),
        ({"system_role": "developer"}, "system_role is 'developer'; choose one of system, user."),
        ({"check": "no"}, "check is 'no'; it must be true or false."),
    ],
)
def test_new_settings_of_a_model_have_their_form(more, sentence):
    assert configuration_problems(asked(**more), SCHEMA, ROOT) == [f"config: models.llm[1].{sentence}"]


def test_an_embedded_model_is_not_asked_for():
    (problem,) = configuration_problems(changed("models.llm.0.check", False), SCHEMA, ROOT)
    assert problem.startswith("config: models.llm[0].check is not for an embedded model")


@pytest.mark.parametrize(
    "config",
    [{}, {"models": None}, {"models": {"llm": "zzz"}}, {"models": {"llm": [None, {"key_variable": 5}]}}],
)
def test_secrets_of_a_configuration_that_is_wrong_altogether(config):
    assert secret_variables(config) == []
    assert configuration_problems(config, SCHEMA, ROOT)
