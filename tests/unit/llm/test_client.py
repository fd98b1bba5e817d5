"""The LLM client against a server on loopback: what is kept, what is never asked again."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from trailerflow.errors import LaterError
from trailerflow.llm.budget import Budget, Cost
from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import Operation
from trailerflow.llm.types import usage_row
from unit.llm.hosted_client import ask, kept, make_client


def test_an_answer_is_asked_for_once(site, tmp_path):
    client = make_client(site, tmp_path)
    first, second = client.ask(ask("a")), client.ask(ask("a"))
    assert (first.text, first.cached, second.text, second.cached) == ("about a", False, "about a", True)
    assert len(site.journal) == 1
    assert (first.seconds, first.kept) == (second.seconds, second.kept)
    assert [str(path) for path in kept(tmp_path)] == [first.kept]
    row = usage_row("hosted", "p", 1, [first.usage, second.usage])
    assert (row["requests"], row["cached"], row["prompt_tokens"], row["completion_tokens"]) == (2, 1, 2, 4)


def test_what_can_change_an_answer_is_asked_anew_and_nothing_else_is(site, tmp_path):
    make_client(site, tmp_path).ask(ask("a"))
    make_client(site, tmp_path, temperature=0.7).ask(ask("a"))
    make_client(site, tmp_path, model="n").ask(ask("a"))
    make_client(site, tmp_path, parameters={"top_p": 0.5}).ask(ask("a"))
    make_client(site, tmp_path, reasoning_tokens=9).ask(ask("a"))
    make_client(site, tmp_path).ask(ask("a", schema={"type": "object"}))
    assert len(site.journal) == 6
    make_client(site, tmp_path, name="renamed", slots=1, threads=2, limits={"tokens_per_day": 9}).ask(
        ask("a")
    )
    assert len(site.journal) == 6


def test_a_damaged_entry_is_asked_again(site, tmp_path):
    client = make_client(site, tmp_path)
    client.ask(ask("a"))
    (entry,) = kept(tmp_path)
    entry.write_text(entry.read_text().replace("about a", "about b"))
    assert client.ask(ask("a")).text == "about a"
    assert len(site.journal) == 2


def test_the_key_is_never_kept(site, tmp_path, monkeypatch):
    monkeypatch.setenv("THE_KEY", "secret-value")
    make_client(site, tmp_path, key_variable="THE_KEY").ask(ask("a"))
    assert site.journal[0]["key"] == "Bearer secret-value"
    assert all("secret-value" not in file.read_text() for file in tmp_path.rglob("*") if file.is_file())


def test_replay_asks_nobody(site, tmp_path):
    make_client(site, tmp_path).ask(ask("a"))
    replay = make_client(site, tmp_path, Operation(mode="replay"))
    assert replay.ask(ask("a")).text == "about a"
    with pytest.raises(LaterError, match=r"models\.answers\.mode is replay: nothing is asked"):
        replay.ask(ask("b"))
    assert len(site.journal) == 1


def test_refresh_asks_again_what_came_before_a_time_and_once(site, tmp_path):
    make_client(site, tmp_path).ask(ask("a"))
    (entry,) = kept(tmp_path)
    document = json.loads(entry.read_text())
    entry.write_text(json.dumps(document | {"fetched": "2020-01-01T00:00:00Z"}))
    operation = Operation(mode="refresh", refresh_before="2021-01-01T00:00:00Z")
    assert make_client(site, tmp_path, operation).ask(ask("a")).cached is False
    assert make_client(site, tmp_path, operation).ask(ask("a")).cached is True
    assert len(site.journal) == 2


# ---- one flight a request


def ask_in_process(address: str, folder: str, text: str, results: Any) -> None:
    with_settings = {
        "name": "hosted",
        "kind": "openai_compatible",
        "model": "m",
        "context": 4096,
        "base_url": address,
    }
    client = Client(
        LanguageModel.from_settings(with_settings),
        cache=Path(folder, "cache"),
        run=Path(folder, "run"),
        models_folder=Path(folder),
        threads=1,
    )
    answer = client.ask(ask(text))
    results.put((answer.text, answer.cached))


def test_the_same_question_of_four_runs_at_once_is_sent_and_paid_once(site, tmp_path):
    site.delay = 0.3
    results: Any = multiprocessing.Queue()
    runs = [
        multiprocessing.Process(target=ask_in_process, args=(site.address, str(tmp_path), "a", results))
        for _ in range(4)
    ]
    for run in runs:
        run.start()
    answers = sorted(results.get(timeout=60) for _ in runs)
    for run in runs:
        run.join()
    assert answers == [("about a", False)] + [("about a", True)] * 3
    assert len(site.journal) == 1
    assert json.loads((tmp_path / "cache/budget.json").read_text())["tokens"] == 3
    assert list((tmp_path / "cache/flights").iterdir()) == []


def test_a_question_that_failed_elsewhere_is_asked_here(site, tmp_path, monkeypatch):
    monkeypatch.setattr("trailerflow.llm.client.PAUSES", ())
    site.fail("500")
    with pytest.raises(LaterError):
        make_client(site, tmp_path).ask(ask("a"))
    assert make_client(site, tmp_path).ask(ask("a")).text == "about a"


def spend(folder: str, times: int) -> None:
    account = Budget(Path(folder, "budget.json"), None, None)
    for _ in range(times):
        account.set_aside(Cost(10, 0.1))
        account.settle(Cost(10, 0.1), Cost(3, 0.01))


def test_the_account_of_many_processes_is_exact(tmp_path):
    processes = [multiprocessing.Process(target=spend, args=(str(tmp_path), 15)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert Budget(tmp_path / "budget.json", None, None).spent() == Cost(180, pytest.approx(0.6))
