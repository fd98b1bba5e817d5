"""The LLM client against a server on loopback: cache, faults, log-probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback_llm import Site

from trailerflow.errors import TrailerflowError
from trailerflow.llm import Client, LanguageModel, LaterError, RefusedError, Request, usage_of
from trailerflow.llm.prompts import render


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()


def make_client(site: Site, folder: Path, **settings: Any) -> Client:
    model = LanguageModel.from_settings(
        {
            "name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 3,
            "threads": 1, "temperature": 0.0, "seed": 0, "frequency_penalty": 0.0,
            "base_url": site.address, **settings,
        }
    )  # fmt: skip
    return Client(model, cache=folder / "cache", run=folder / "run", models_folder=folder, threads=1)


def ask(text: str, **more: Any) -> Request:
    return Request([{"role": "user", "content": text}], max_tokens=5, **more)


def test_an_answer_is_asked_for_once(site, tmp_path):
    client = make_client(site, tmp_path)
    first, second = client.ask(ask("a")), client.ask(ask("a"))
    assert (first.text, first.cached, second.text, second.cached) == ("about a", False, "about a", True)
    assert len(site.journal) == 1
    assert usage_of([first, second])["prompt_tokens"] == 14


def test_what_can_change_an_answer_is_asked_anew(site, tmp_path):
    make_client(site, tmp_path).ask(ask("a"))
    make_client(site, tmp_path, temperature=0.7).ask(ask("a"))
    make_client(site, tmp_path, model="n").ask(ask("a"))
    make_client(site, tmp_path).ask(ask("a", schema={"type": "object"}))
    assert len(site.journal) == 4
    make_client(site, tmp_path, slots=1, threads=2).ask(ask("a"))
    assert len(site.journal) == 4


def test_a_damaged_entry_of_the_cache_is_asked_again(site, tmp_path):
    client = make_client(site, tmp_path)
    client.ask(ask("a"))
    (entry,) = (tmp_path / "cache").rglob("v1-*.json")
    entry.write_text(entry.read_text().replace("about a", "about b"))
    assert client.ask(ask("a")).text == "about a"
    assert len(site.journal) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_at_the_server_is_later(site, tmp_path, status):
    site.status, site.headers = status, {"Retry-After": "120"}
    with pytest.raises(LaterError, match=f"hosted answered {status}") as caught:
        make_client(site, tmp_path).ask(ask("a"))
    assert caught.value.earliest is not None
    assert not list((tmp_path).rglob("v1-*.json"))


def test_a_web_page_with_status_200_is_later_and_never_kept(site, tmp_path):
    site.body = b"<html>Sorry</html>"
    with pytest.raises(LaterError, match="not JSON"):
        make_client(site, tmp_path).ask(ask("a"))
    assert not list((tmp_path).rglob("v1-*.json"))


@pytest.mark.parametrize(
    ("status", "sentence"), [(401, "refused the key in THE_KEY"), (404, "has no model m .*correct `model`")]
)
def test_a_broken_set_up_is_an_error(site, tmp_path, monkeypatch, status, sentence):
    monkeypatch.setenv("THE_KEY", "secret-value")
    site.status = status
    with pytest.raises(TrailerflowError, match=sentence) as caught:
        make_client(site, tmp_path, key_variable="THE_KEY").ask(ask("a"))
    assert "secret-value" not in str(caught.value)
    assert site.journal[0]["key"] == "Bearer secret-value"


def test_the_key_is_never_kept(site, tmp_path, monkeypatch):
    monkeypatch.setenv("THE_KEY", "secret-value")
    make_client(site, tmp_path, key_variable="THE_KEY").ask(ask("a"))
    assert all("secret-value" not in file.read_text() for file in tmp_path.rglob("*.json"))


def test_a_request_that_the_server_refuses_is_refused(site, tmp_path):
    site.status = 400
    site.body = b'{"error": {"message": "too long"}}'
    with pytest.raises(RefusedError, match="hosted answered 400: too long"):
        make_client(site, tmp_path).ask(ask("a"))


def test_many_requests_come_back_with_their_numbers(site, tmp_path):
    answers = dict(make_client(site, tmp_path).ask_many([ask(str(n)) for n in range(10)]))
    assert {number: answer.text for number, answer in answers.items()} == {n: f"about {n}" for n in range(10)}


def test_the_requests_of_a_group_are_sent_in_order_one_after_another(site, tmp_path):
    requests = [ask(str(n)) for n in range(12)]
    answers = dict(make_client(site, tmp_path).ask_many(requests, [n % 3 for n in range(12)]))
    assert sorted(answers) == list(range(12))
    sent = [int(entry["messages"][-1]["content"]) for entry in site.journal]
    assert all([n for n in sent if n % 3 == group] == list(range(group, 12, 3)) for group in range(3))


def test_a_fault_that_nobody_foresaw_is_raised_where_the_answers_are_read(site, tmp_path):
    (tmp_path / "cache").write_text("a file where the cache's folder should be")
    with pytest.raises(OSError, match="cache"):
        dict(make_client(site, tmp_path).ask_many([ask(str(n)) for n in range(10)]))


def test_after_the_first_later_no_further_request_is_sent(site, tmp_path):
    site.status = 429
    answers = dict(make_client(site, tmp_path).ask_many([ask(str(n)) for n in range(50)]))
    assert all(isinstance(answer, LaterError) for answer in answers.values())
    assert len(answers) == 50
    assert len(site.journal) <= 3  # the slots that were in flight


def test_log_probabilities_come_by_token(site, tmp_path):
    answer = make_client(site, tmp_path).ask(ask("a", top_logprobs=2))
    assert answer.top_logprobs == [{"Yes": -0.1, "No": -2.5}]
    assert site.journal[0]["top_logprobs"] == 2


def test_a_prompt_file_is_filled_in_literally(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("### system\nBe brief.\n### user\nTitle: {title}\n{transcript}\n")
    messages = render(path, {"title": "A {transcript}", "transcript": "{title} {x}"})
    assert messages == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Title: A {transcript}\n{title} {x}"},
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Be brief.", "must begin with a line `### system`"),
        ("### user\n{cast}", r"uses \{cast\}, which is none of: title"),
    ],
)
def test_a_wrong_prompt_file_is_told(tmp_path, text, sentence):
    path = tmp_path / "p.txt"
    path.write_text(text)
    with pytest.raises(TrailerflowError, match=sentence):
        render(path, {"title": "x"})
