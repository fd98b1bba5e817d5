"""Many requests at once: how many are in flight, what comes back from forks."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

import pytest
from loopback_llm.faults import retry_after

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm.budget import Budget
from trailerflow.llm.many import ask_many
from trailerflow.llm.model import processes_of
from trailerflow.llm.operation import Operation
from unit.llm.hosted_client import ask, make_client, many, most_in_flight


def test_many_requests_come_back_with_their_numbers(site, tmp_path):
    answers = many(make_client(site, tmp_path), [ask(str(n)) for n in range(10)])
    assert {number: answer.text for number, answer in answers.items()} == {n: f"about {n}" for n in range(10)}


def test_the_requests_of_a_group_are_sent_in_order_one_after_another(site, tmp_path):
    answers = many(make_client(site, tmp_path), [ask(str(n)) for n in range(12)], [n % 3 for n in range(12)])
    assert sorted(answers) == list(range(12))
    sent = [int(entry["messages"][-1]["content"]) for entry in site.journal]
    assert all([n for n in sent if n % 3 == group] == list(range(group, 12, 3)) for group in range(3))


def test_a_fault_of_the_set_up_is_raised_where_the_answers_are_read(site, tmp_path):
    (tmp_path / "cache").write_text("a file where the cache's folder should be")
    with pytest.raises(TrailerflowError, match=r"cache.* cannot be read"):
        many(make_client(site, tmp_path), [ask(str(n)) for n in range(10)])


def test_after_the_first_later_no_further_request_is_sent_and_kept_answers_are_used(site, tmp_path):
    client = make_client(site, tmp_path)
    client.ask(ask("40"))
    site.fail(retry_after("3600"), times=float("inf"))
    answers = many(client, [ask(str(n)) for n in range(50)])
    assert answers.pop(40).text == "about 40"
    assert all(isinstance(answer, LaterError) for answer in answers.values())
    assert len(site.journal) <= 1 + 3  # the slots that were in flight


def test_no_more_are_in_flight_than_there_are_slots_and_none_waits_for_what_is_done_beside(
    site, tmp_path, monkeypatch
):
    site.delay = 0.1
    client = make_client(site, tmp_path)
    client.ask(ask("warm"))
    keep, slots_were_free = client._store.write, []

    def slow(*arguments: Any, **options: Any) -> Any:
        """Keep an answer once three more requests than there are slots have come."""
        deadline = time.monotonic() + 20
        while not (free := len(site.journal) >= 1 + 6) and time.monotonic() < deadline:
            time.sleep(0.01)
        slots_were_free.append(free)
        return keep(*arguments, **options)

    monkeypatch.setattr(client._store, "write", slow)
    many(client, [ask(str(n)) for n in range(18)])
    assert most_in_flight(site.journal[1:]) == 3
    assert slots_were_free == [True] * 18


def test_a_connection_of_every_slot_is_kept(site, tmp_path, monkeypatch):
    connections = []
    answer = site.server.process_request
    monkeypatch.setattr(
        site.server, "process_request", lambda *one: (connections.append(one), answer(*one))[1]
    )
    together = threading.Barrier(30)
    site.reply = lambda body: f"the {together.wait(30)}th"
    client = make_client(site, tmp_path, slots=30)
    for first in (0, 30):
        many(client, [ask(str(n)) for n in range(first, first + 30)])
    assert len(site.journal) == 60
    assert len(connections) == 30


def test_forks_share_the_slots_and_what_they_were_answered_comes_back(site, tmp_path):
    site.delay = 0.05
    client = make_client(site, tmp_path, slots=50)
    assert processes_of(client.model.workers) == 2
    answers = many(client, [ask(str(n)) for n in range(400)], [n // 2 for n in range(400)])
    assert {number: answer.text for number, answer in answers.items()} == {
        n: f"about {n}" for n in range(400)
    }
    assert 1 < most_in_flight(site.journal) <= 50
    assert Budget(tmp_path / "cache/budget.json", None, None).spent().tokens == 400 * 3


@pytest.mark.parametrize(
    "error",
    [LaterError("no quota", "2030-01-01T00:00:00Z"), RefusedError("too long")],
    ids=["later", "refused"],
)
def test_why_there_is_no_answer_comes_back_from_a_fork(error):
    def ask_one(number: int) -> int:
        if number % 2:
            raise error
        return number

    answers = dict(ask_many(range(300), ask_one, workers=128))
    assert [answers[number] for number in range(0, 300, 2)] == list(range(0, 300, 2))
    assert all(vars(answers[number]) == vars(error) for number in range(1, 300, 2))


def test_an_error_in_a_fork_is_raised_here_and_nothing_goes_on(tmp_path):
    def ask_one(number: int) -> int:
        (tmp_path / str(number)).touch()
        if number == 130:
            raise TrailerflowError("a wrong key")
        time.sleep(0.01)
        return number

    with pytest.raises(TrailerflowError, match="a wrong key"):
        dict(ask_many(range(100_000), ask_one, workers=128))
    asked = len(list(tmp_path.iterdir()))
    time.sleep(0.1)
    assert len(list(tmp_path.iterdir())) == asked < 10_000


def test_in_replay_forks_need_no_key(site, tmp_path, monkeypatch):
    client = make_client(site, tmp_path, Operation(mode="replay"), slots=50, key_variable="NOT_SET_HERE")
    answers = ask_many([ask(str(n)) for n in range(400)], client.ask, workers=150, prepare=client.prepare)
    assert {type(answer) for _, answer in answers} == {LaterError}
    assert site.journal == []


def test_a_fork_that_is_killed_is_told():
    with pytest.raises(RuntimeError, match="ended before it was done"):
        dict(ask_many(range(300), lambda number: os.kill(os.getpid(), signal.SIGKILL), workers=128))
