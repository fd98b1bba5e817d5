"""A hosted model that cannot be asked is told before any job starts."""

from __future__ import annotations

from typing import Any

import pytest
from loopback_llm import Site
from loopback_llm.messages import Answer, error

from trailerflow.llm.model import LanguageModel
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
            f"{site.address} has no model gpt-oss-20b (hosted answered 404: The model `gpt-oss-20b` does not exist); correct "
            "`model` or `base_url` of hosted in models.llm. Did you mean openai/gpt-oss-20b?"
        )
        (problem,) = model_problems([hosted(site, model="zzz")])
        assert problem.endswith("Its list has llama-3.3-70b, openai/gpt-oss-20b.")


def test_a_refused_key_is_told_without_it():
    with Site(models=["gpt-oss-20b"]) as site:
        site.key = "another"
        (problem,) = model_problems([hosted(site)])
        assert problem == (
            "Model hosted refused the key in THE_KEY (hosted answered 401: Incorrect API key provided); set a valid one."
        )


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
        assert "hosted answered 404: Not found" in problem
        assert problem.endswith("base_url of hosted goes up to and with /v1 at most services.")


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


# ---- a list of models is a hint and no proof


def test_a_list_that_names_the_model_asks_it_nothing():
    with Site(models=["models/gemini-2.5-flash", "gpt-oss-20b"]) as site:
        assert model_problems([hosted(site), hosted(site, model="gemini-2.5-flash")]) == []
        assert site.journal == []


@pytest.mark.parametrize("model", ["openai/gpt-4o-mini:nitro", "meta/llama:novita", "film-summaries"])
def test_a_name_that_is_not_listed_is_asked_for_one_token(model):
    with Site() as site:
        site.models = []
        assert model_problems([hosted(site, model=model)]) == []
        (entry,) = site.journal
        assert (entry["model"], entry["max_tokens"]) == (model, 1)


@pytest.mark.parametrize("fault", ["429", "day spent", "no credit", "500", "context too long", "other JSON"])
def test_what_says_nothing_about_the_set_up_is_a_warning(fault, capsys):
    with Site() as site:
        site.fail(fault)
        assert model_problems([hosted(site)]) == []
    assert "Whether hosted of models.llm can be asked is not sure" in capsys.readouterr().err


def test_the_check_can_be_switched_off():
    with Site(models=["another"]) as site:
        assert model_problems([hosted(site, check=False)]) == []
        assert site.journal == []


def test_a_key_that_may_not_list_may_still_ask(monkeypatch):
    with Site(models=["gpt-oss-20b"]) as site:
        monkeypatch.setattr(
            site, "list_models", lambda path: Answer(403, error("may not list", "permission"))
        )
        assert model_problems([hosted(site)]) == []
        assert len(site.journal) == 1
