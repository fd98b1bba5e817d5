"""The LLM client against a server on loopback: what is sent, what is kept, what is never asked again."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from loopback_llm import Site
from loopback_llm.faults import Fault, retry_after

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm import bounded_client
from trailerflow.llm.budget import Budget, Cost
from trailerflow.llm.client import Client
from trailerflow.llm.many import ask_many
from trailerflow.llm.model import LanguageModel, processes_of
from trailerflow.llm.operation import Operation
from trailerflow.llm.types import Request, usage_row


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(reply=lambda body: f"about {body['messages'][-1]['content']}") as site:
        yield site


def make_client(site: Site, folder: Path, operation: Operation | None = None, **settings: Any) -> Client:
    model = LanguageModel.from_settings(
        {"name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 3,
         "base_url": site.address, **settings}
    )  # fmt: skip
    return Client(
        model,
        cache=folder / "cache",
        run=folder / "run",
        models_folder=folder,
        threads=1,
        operation=operation,
    )


def ask(text: str, **more: Any) -> Request:
    return Request([{"role": "user", "content": text}], max_tokens=5, **more)


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "cache/answers").rglob("v1-*.json"))


# ---- what is kept


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


# ---- what is sent


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


# ---- many


def many(client: Client, requests: list[Request], groups: list[int] | None = None) -> dict[int, Any]:
    return dict(ask_many(requests, client.ask, workers=client.model.workers, groups=groups))


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
    entries = site.journal[1:]
    moments = sorted(
        [(entry["time"], 1) for entry in entries] + [(entry["answered"], -1) for entry in entries]
    )
    in_flight = [sum(step for _, step in moments[:count]) for count in range(1, len(moments) + 1)]
    assert max(in_flight) == 3
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
    moments = sorted(
        [(entry["time"], 1) for entry in site.journal] + [(entry["answered"], -1) for entry in site.journal]
    )
    in_flight = [sum(step for _, step in moments[:count]) for count in range(1, len(moments) + 1)]
    assert 1 < max(in_flight) <= 50
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


# ---- what is sent


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


# ---- to the number


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
