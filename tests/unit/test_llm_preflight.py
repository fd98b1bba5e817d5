"""A hosted model that cannot be asked is told before any job starts."""

from __future__ import annotations

from typing import Any

import pytest
from loopback_llm import Site

from trailerflow.llm import LanguageModel
from trailerflow.llm.preflight import model_problems


def hosted(site: Site, **settings: Any) -> LanguageModel:
    return LanguageModel.from_settings(
        {"name": "hosted", "kind": "openai_compatible", "model": "gpt-oss-20b", "context": 4096,
         "base_url": site.address, "key_variable": "THE_KEY", **settings}
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "secret-value")


@pytest.mark.parametrize("kind", ["openai", "groq", "openai_compatible"])
def test_a_model_that_is_there_has_no_problem(kind):
    with Site(models=["other", "gpt-oss-20b"]) as site:
        base = site.groq_address if kind == "groq" else site.address
        assert model_problems([hosted(site, kind=kind, base_url=base)]) == []
        assert site.journal == []


def test_a_name_without_its_tag_is_there():
    with Site(models=["llama3.2:latest"]) as site:
        assert model_problems([hosted(site, model="llama3.2")]) == []


def test_a_dead_model_is_told_with_the_nearest_one():
    with Site(models=["llama-3.3-70b", "openai/gpt-oss-20b"]) as site:
        (problem,) = model_problems([hosted(site)])
        assert problem == (
            f"{site.address} has no model gpt-oss-20b, which hosted of models.llm asks for; did you mean openai/gpt-oss-20b?"
        )
        (problem,) = model_problems([hosted(site, model="zzz")])
        assert problem.endswith("it has llama-3.3-70b, openai/gpt-oss-20b.")


def test_a_refused_key_is_told_without_it():
    with Site(models=["gpt-oss-20b"]) as site:
        site.key = "another"
        (problem,) = model_problems([hosted(site)])
        assert problem == f"{site.address} refused the key of hosted in THE_KEY; set a valid one."


def test_a_wrong_address_is_told():
    with Site() as site:
        address = site.address
    (problem,) = model_problems([hosted(site)])
    assert problem.startswith(
        f"hosted could not be reached at {address} (ConnectError); correct base_url of hosted"
    )


def test_a_missing_key_is_told(monkeypatch):
    monkeypatch.delenv("THE_KEY")
    with Site(models=["gpt-oss-20b"]) as site:
        (problem,) = model_problems([hosted(site)])
        assert problem.startswith("Model hosted needs an API key: set the environment variable THE_KEY")


def test_a_server_without_a_list_is_taken_to_be_well():
    with Site() as site:
        assert model_problems([hosted(site)]) == []


def test_an_address_without_its_version_is_told():
    with Site(models=["gpt-oss-20b"]) as site:
        (problem,) = model_problems([hosted(site, base_url=site.address.removesuffix("/v1"))])
        assert "answered 404 to the question for its models; base_url of hosted" in problem


@pytest.mark.parametrize("key", ["secret\n", "sec ret", "secret\u2026"])
def test_a_key_that_cannot_be_one_is_told_without_it(monkeypatch, key):
    monkeypatch.setenv("THE_KEY", key)
    with Site(models=["gpt-oss-20b"]) as site:
        (problem,) = model_problems([hosted(site)])
    assert problem.startswith(
        "The API key of model hosted in THE_KEY has a blank, a line's end or some other character"
    )
    assert "sec" not in problem


def test_an_embedded_model_asks_nobody():
    settings = {"name": "e", "kind": "embedded", "model": "m", "context": 512}
    assert model_problems([LanguageModel.from_settings(settings)]) == []
