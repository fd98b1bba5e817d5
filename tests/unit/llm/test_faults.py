"""Every fault of a service for language models, and its exact outcome; the official clients see them first."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback_llm import FAULTS, Site
from loopback_llm.faults import Fault, in_date, retry_after

from trailerflow import retry
from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm import client as client_module
from trailerflow.llm.budget import Budget
from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Request
from trailerflow.outcomes import Outcome
from trailerflow.summaries.summarise_movie import summarise_movie
from trailerflow.summaries.ways.prompt_file import PromptFile
from trailerflow.times import utc_time

pytestmark = pytest.mark.slow

KINDS = ("openai", "groq", "openai_compatible")
REQUEST = Request([{"role": "user", "content": "A question."}], max_tokens=60)
PROMPT = Path(__file__).parents[3] / "resources/prompts/summaries/zero_shot.txt"


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(retry, "PAUSES", (0.01, 0.02))
    monkeypatch.setattr(client_module, "PAUSES", (0.01, 0.02))
    monkeypatch.setenv("THE_KEY", "secret-value")
    with Site() as site:
        yield site


def client_of(site: Site, folder: Path, kind: str = "openai", **settings: Any) -> Client:
    base = site.groq_address if kind == "groq" else site.address
    model = LanguageModel.from_settings(
        {"name": "hosted", "kind": kind, "model": "m", "context": 4096, "base_url": base, "key_variable": "THE_KEY",
         "timeout_seconds": 20, **settings}
    )  # fmt: skip
    return Client(model, cache=folder / "cache", run=folder / "run", models_folder=folder, threads=1)


def kept(folder: Path) -> int:
    return len(list((folder / "cache/answers").rglob("v1-*.json")))


def seconds_until(earliest: str | None) -> float:
    assert earliest is not None
    return time.mktime(time.strptime(earliest, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone - time.time()


# ---- what passes


@pytest.mark.parametrize(
    "fault", ["500", "502", "503", "529", "reset", "cut", "half a document", "web page", "empty body", "hang"]
)
def test_what_passes_is_tried_again_at_once(site, tmp_path, kind, fault):
    site.fail(fault)
    answer = client_of(site, tmp_path, kind).ask(REQUEST)
    assert (answer.cached, answer.finish_reason) == (False, "stop")
    assert [entry["fault"] for entry in site.journal] == [fault, None]
    assert kept(tmp_path) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("500", "hosted answered 500: The server had an error, 3 times"),
        ("502", "hosted answered 502: <html>Bad gateway</html>, 3 times"),
        ("reset", "hosted could not be reached at .*, 3 times"),
        ("cut", "hosted could not be reached at .*, 3 times"),
        ("half a document", "hosted answered with something that is not JSON, 3 times"),
        ("web page", "hosted answered with something that is not JSON, 3 times"),
        ("empty body", "hosted answered with something that is not JSON, 3 times"),
    ],
)
def test_what_does_not_pass_is_for_later_and_never_kept(site, tmp_path, kind, fault, reason):
    site.fail(fault, times=float("inf"))
    with pytest.raises(LaterError, match=reason) as caught:
        client_of(site, tmp_path, kind).ask(REQUEST)
    assert len(site.journal) == 3
    assert 55 <= seconds_until(caught.value.earliest) <= 61
    assert kept(tmp_path) == 0


def test_a_time_out_three_times_is_for_later(site, tmp_path):
    site.fail("hang", times=3)
    client = client_of(site, tmp_path, timeout_seconds=0.3)
    with pytest.raises(LaterError, match=r"hosted gave no answer within 0\.3 s, 3 times"):
        client.ask(REQUEST)


def test_a_server_that_is_not_there_is_for_later_and_costs_nothing(site, tmp_path, kind):
    site.close()
    with pytest.raises(
        LaterError, match=r"hosted could not be reached at http://.* \(ConnectError\), 3 times"
    ):
        client_of(site, tmp_path, kind).ask(REQUEST)
    assert spent(tmp_path) == 0


# ---- waits


@pytest.mark.parametrize(
    ("fault", "least"),
    [
        (retry_after("1"), 1.0),
        (retry_after("0.4"), 0.4),
        (retry_after(in_date(2.9)), 1.0),
        ("429 by its words", 1.2),
        ("503 with a wait", 1.0),
    ],
    ids=["seconds", "fraction", "date", "words", "503"],
)
def test_a_short_wait_is_waited_out(site, tmp_path, kind, fault, least):
    site.fail(
        fault
        if isinstance(fault, str) or "GMT" not in fault.headers["Retry-After"]
        else retry_after(in_date(3))
    )
    answer = client_of(site, tmp_path, kind).ask(REQUEST)
    first, second = (entry["time"] for entry in site.journal)
    assert second - first >= least
    assert answer.cached is False


def test_a_429_without_a_wait_pauses_for_a_default_time(site, tmp_path, monkeypatch):
    monkeypatch.setattr("trailerflow.llm.replies.WAIT_SECONDS", 0.7)
    site.fail("429")
    client_of(site, tmp_path).ask(REQUEST)
    first, second = (entry["time"] for entry in site.journal)
    assert second - first >= 0.7


def test_short_waits_without_end_are_for_later(site, tmp_path):
    site.fail(retry_after("0.05"), times=float("inf"))
    with pytest.raises(LaterError, match="hosted answered 429: Too many requests"):
        client_of(site, tmp_path).ask(REQUEST)
    assert len(site.journal) == 6


@pytest.mark.parametrize(
    ("fault", "seconds", "words"),
    [
        (retry_after("3600"), 3600, "Too many requests"),
        (retry_after("91"), 91, "Too many requests"),
        (retry_after("200000"), 200000, "Too many requests"),
        ("day spent", 432, r"tokens per day \(TPD\)"),
        ("day spent, by its words", 432.3, r"tokens per day \(TPD\)"),
        ("no credit", 600, "exceeded your current quota; the account has no credit left"),
        ("no balance", 600, "Insufficient Balance; the account has no credit left"),
    ],
    ids=["hour", "over the longest", "days", "day", "day by words", "credit", "balance"],
)
def test_a_long_wait_stops_everybody_and_says_when_to_come_back(site, tmp_path, kind, fault, seconds, words):
    site.fail(fault)
    with pytest.raises(LaterError, match=words) as caught:
        client_of(site, tmp_path, kind).ask(REQUEST)
    assert seconds - 3 <= seconds_until(caught.value.earliest) <= seconds + 1.5
    other = Request([{"role": "user", "content": "Another question."}], max_tokens=9)
    with pytest.raises(LaterError, match="hosted is not to be asked now") as again:  # another job
        client_of(site, tmp_path, kind).ask(other)
    assert abs(seconds_until(again.value.earliest) - seconds) <= 3
    assert len(site.journal) == 1
    assert kept(tmp_path) == 0


def test_a_wait_of_exactly_nothing_does_not_spin(site, tmp_path):
    site.fail(retry_after("0"), times=2)
    client_of(site, tmp_path).ask(REQUEST)
    assert len(site.journal) == 3


def test_what_the_service_says_is_left_is_heeded(site, tmp_path, kind):
    site.limits.tokens_per_minute = 100
    client = client_of(site, tmp_path, kind)
    client.ask(REQUEST)
    state = next((tmp_path / "cache/pace").glob("*.json")).read_text()
    left = int(re.search(r'"tokens_left": (\d+)', state)[1])
    assert left == 48  # the question has two words, its answer fifty


def test_the_services_own_limit_is_met_by_waiting(site, tmp_path):
    site.limits.requests_per_minute = 3
    site.limits._asked = [(time.time() - 57, 1)] * 3  # a minute that is nearly over
    client_of(site, tmp_path).ask(REQUEST)
    assert [entry["status"] for entry in site.journal] == [429, 200]


# ---- refusals


def test_a_request_larger_than_the_services_minute_is_refused_whatever_its_status(site, tmp_path, kind):
    site.limits.tokens_per_minute = 20  # the answer alone may have 60
    with pytest.raises(RefusedError, match="Request too large"):
        client_of(site, tmp_path, kind).ask(REQUEST)
    assert len(site.journal) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (
            "context too long",
            "hosted answered 400: Maximum context length is 8192 tokens; .*forget.* asked again",
        ),
        ("schema failed", "hosted answered 400: Failed to generate JSON"),
        ("too large", "hosted answered 413: Request too large"),
    ],
)
def test_a_request_that_cannot_be_worked_on_failed_at_once(site, tmp_path, kind, fault, reason):
    site.fail(fault, times=float("inf"))
    with pytest.raises(RefusedError, match=reason):
        client_of(site, tmp_path, kind).ask(REQUEST)
    assert (len(site.journal), kept(tmp_path)) == (1, 0)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("other JSON", 'hosted answered 200: {"status": "fine"}'),
        ("error with 200", "hosted answered 200: Upstream failed"),
        ("no choices", 'hosted answered 200: {"id": "chatcmpl-'),
    ],
)
def test_a_reply_that_nobody_foresaw_is_for_later_and_others_are_asked(site, tmp_path, kind, fault, reason):
    site.fail(fault)
    client = client_of(site, tmp_path, kind)
    with pytest.raises(LaterError) as caught:
        client.ask(REQUEST)
    assert caught.value.reason.startswith(reason)
    assert 55 <= seconds_until(caught.value.earliest) <= 61
    assert client.ask(Request([{"role": "user", "content": "Another."}], max_tokens=9)).cached is False
    assert (len(site.journal), kept(tmp_path)) == (2, 1)


def test_a_limit_told_with_status_200_is_a_wait(site, tmp_path, monkeypatch):
    monkeypatch.setattr("trailerflow.llm.replies.WAIT_SECONDS", 0.2)
    site.fail("limit with 200")
    assert client_of(site, tmp_path).ask(REQUEST).cached is False


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("wrong key", r"Model hosted refused the key in THE_KEY .*; set a valid one\."),
        ("no permission", r"Model hosted refused the key in THE_KEY .*; set a valid one\."),
        ("no model", r"has no model m .*correct `model` or `base_url` of hosted in models\.llm"),
        ("retired model", r"has no model m .*decommissioned.*correct `model` or `base_url`"),
        ("no schema", r"response_format json_schema is not supported.*structured: json or text"),
    ],
)
def test_a_broken_set_up_is_an_error(site, tmp_path, kind, fault, sentence):
    site.fail(fault)
    with pytest.raises(TrailerflowError, match=sentence) as caught:
        client_of(site, tmp_path, kind).ask(REQUEST)
    assert "secret-value" not in str(caught.value)
    assert len(site.journal) == 1


# ---- answers without words, which were paid for


TRANSCRIPT = Outcome.ok("prepare_transcript", "7", {"text": "one courier nine parcels", "words": 4})


def summarise(client: Client) -> Outcome:
    return summarise_movie(
        TRANSCRIPT,
        title="Nine",
        way=PromptFile("zero_shot"),
        prompts={"zero_shot": PROMPT},
        words=40,
        client=client,
    )


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("refusal", "the model refused to answer: I cannot help with that."),
        ("content filter", "the server's content filter withheld the answer"),
        ("empty content", "the model's answer is empty"),
        ("null content", "the model's answer is empty"),
    ],
)
def test_an_answer_without_words_failed_and_is_kept(site, tmp_path, kind, fault, reason):
    site.fail(fault)
    outcome = summarise(client_of(site, tmp_path, kind))
    assert (outcome.status, outcome.reasons) == ("failed", (reason,))
    (usage,) = outcome.source["usages"]
    assert usage["prompt_tokens"] > 0
    (again,) = summarise(client_of(site, tmp_path, kind)).source["usages"]
    assert again["cached"] is True
    assert (len(site.journal), kept(tmp_path)) == (1, 1)


def test_a_cut_answer_loses_its_last_sentence_and_is_told(site, tmp_path, kind):
    site.fail("cut by length")
    site.reply = lambda body: "A courier rides. He meets a man who"
    outcome = summarise(client_of(site, tmp_path, kind))
    assert outcome.data == {"summary": "A courier rides.", "words": 3, "finish_reason": "length"}


def test_an_answer_without_a_count_of_tokens_is_estimated_and_its_worst_case_is_spent(site, tmp_path, kind):
    site.fail("no usage")
    site.reply = lambda body: "x" * 35
    answer = client_of(site, tmp_path, kind).ask(REQUEST)
    assert (answer.prompt_tokens, answer.completion_tokens, answer.estimated) == (3, 10, True)
    assert spent(tmp_path) == WORST


def spent(folder: Path) -> int:
    return Budget(folder / "cache/budget.json", None, None).spent().tokens


WORST = len("A question.") + 2 * 8 + 60
"""What `REQUEST` may cost at most, in tokens."""


@pytest.mark.parametrize("usage", [{"prompt_tokens": 9}, {"prompt_tokens": 9, "completion_tokens": None}])
def test_half_a_count_of_tokens_is_none(site, tmp_path, kind, usage):
    site.fail(Fault(change=lambda answer: answer.update(usage=usage)))
    assert client_of(site, tmp_path, kind).ask(REQUEST).estimated
    assert spent(tmp_path) == WORST


@pytest.mark.parametrize("reason", ["error", "insufficient_system_resource"])
def test_an_answer_that_the_server_broke_off_is_asked_for_again_and_never_kept(site, tmp_path, kind, reason):
    site.fail(Fault(change=lambda answer: answer["choices"][0].update(finish_reason=reason)))
    assert client_of(site, tmp_path, kind).ask(REQUEST).finish_reason == "stop"
    assert (len(site.journal), kept(tmp_path)) == (2, 1)


def test_a_full_context_is_a_cut_answer(site, tmp_path, kind):
    site.fail(Fault(change=lambda answer: answer["choices"][0].update(finish_reason="model_length")))
    assert client_of(site, tmp_path, kind).ask(REQUEST).finish_reason == "length"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([{"type": "thinking", "thinking": []}, {"type": "text", "text": "A film."}], "A film."),
        ("half a pair \ud83d", "half a pair \ufffd"),
    ],
)
def test_contents_that_are_no_plain_text_are_read(site, tmp_path, kind, content, text):
    site.fail(
        Fault(change=lambda answer: answer["choices"][0]["message"].update(content=content, refusal=""))
    )
    answer = client_of(site, tmp_path, kind).ask(REQUEST)
    assert (answer.text, answer.problem) == (text, None)


@pytest.mark.parametrize("content", [{"text": "A film."}, [7], 7])
def test_a_content_that_cannot_be_read_is_for_later_and_its_worst_case_is_spent(
    site, tmp_path, kind, content
):
    site.fail(Fault(change=lambda answer: answer["choices"][0]["message"].update(content=content)))
    with pytest.raises(LaterError, match="no chat completion"):
        client_of(site, tmp_path, kind).ask(REQUEST)
    assert (spent(tmp_path), kept(tmp_path)) == (WORST, 0)


def test_a_connection_that_is_not_made_in_time_costs_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(client_module, "PAUSES", ())
    with socket.socket() as full:  # it takes no more callers than wait already
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        address = f"http://127.0.0.1:{full.getsockname()[1]}/v1"
        model = {
            "name": "hosted",
            "kind": "openai_compatible",
            "model": "m",
            "context": 4096,
            "base_url": address,
        }
        client = Client(
            LanguageModel.from_settings({**model, "timeout_seconds": 0.3}),
            cache=tmp_path / "cache", run=tmp_path / "run", models_folder=tmp_path, threads=1,
        )  # fmt: skip
        with pytest.raises(LaterError, match="could not be reached"):
            client.ask(REQUEST)
        for one in waiting:
            one.close()
    assert spent(tmp_path) == 0


def test_every_fault_that_the_service_can_play_is_tried_here():
    text = Path(__file__).read_text()
    assert [name for name in FAULTS if f'"{name}"' not in text] == []


def test_an_answer_that_came_whole_is_never_asked_again(site, tmp_path, kind):
    first = client_of(site, tmp_path, kind).ask(REQUEST)
    site.close()
    assert client_of(site, tmp_path, kind).ask(REQUEST).text == first.text
    assert utc_time()[:4] in Path(first.kept).read_text()
