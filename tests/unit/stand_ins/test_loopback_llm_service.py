"""The loopback service for language models: the limits that it keeps, its journal, and the program."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback_llm import Site, limits
from loopback_llm.journal import read_journal
from loopback_llm.limits import Limits, duration

from unit.official_clients import ASKED, SDKS, ask, ask_raw, client_of, statuses

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[2]
BOTH = pytest.mark.parametrize("dialect", SDKS)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


# ---- limits


class Clock:
    """Time that passes only when it is told to."""

    now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    return clock


def test_the_headers_of_openais_dialect_are_of_a_minute(site, clock):
    site.limits = Limits(requests_per_minute=3, tokens_per_minute=100, requests_per_day=50)
    site.reply = lambda body: "three more words"
    client = client_of(site, "openai")
    ask(client)
    clock.now += 10.5
    headers = ask_raw(client).headers
    assert {name: value for name, value in headers.items() if name.startswith("x-ratelimit")} == {
        "x-ratelimit-limit-requests": "3",
        "x-ratelimit-remaining-requests": "1",
        "x-ratelimit-reset-requests": "49.5s",
        "x-ratelimit-limit-tokens": "100",
        "x-ratelimit-remaining-tokens": "90",  # twice two words read and three written
        "x-ratelimit-reset-tokens": "49.5s",
    }


def test_the_requests_in_the_headers_of_groqs_dialect_are_of_a_day(site, clock):
    site.limits = Limits(requests_per_minute=3, requests_per_day=50)
    client = client_of(site, "groq")
    ask(client)
    clock.now += 86_400 - 179.56
    headers = ask_raw(client).headers
    assert (headers["x-ratelimit-limit-requests"], headers["x-ratelimit-remaining-requests"]) == ("50", "48")
    assert headers["x-ratelimit-reset-requests"] == "2m59.56s"
    assert "x-ratelimit-limit-tokens" not in headers


@BOTH
def test_one_request_too_many_is_refused_until_the_window_has_moved_on(site, clock, dialect):
    client = client_of(site, dialect)
    site.limits.requests_per_minute = 2
    ask(client)
    clock.now += 20
    ask(client)
    clock.now += 39.5
    with pytest.raises(
        SDKS[dialect].RateLimitError, match=r"\(RPM\): Limit 2, Used 2, Requested 1.*again in 500ms"
    ) as caught:
        ask(client)
    error = json.loads(caught.value.response.content)["error"]
    assert (error["type"], error["code"]) == ("requests", "rate_limit_exceeded")
    assert caught.value.response.headers["Retry-After"] == "1"
    clock.now += 0.5
    ask(client)
    with pytest.raises(SDKS[dialect].RateLimitError, match="again in 20s"):
        ask(client)
    assert [entry["status"] for entry in site.journal] == [200, 200, 429, 200, 429]


@BOTH
def test_a_days_requests(site, clock, dialect):
    client = client_of(site, dialect)
    site.limits.requests_per_day = 1
    ask(client)
    with pytest.raises(SDKS[dialect].RateLimitError, match=r"\(RPD\).*again in 24h0m0s") as caught:
        ask(client)
    assert caught.value.response.headers["Retry-After"] == "86400"


@BOTH
def test_tokens_are_counted_read_and_written(site, clock, dialect):
    client = client_of(site, dialect)
    site.limits.tokens_per_minute = 12
    site.reply = lambda body: "three more words"
    ask(client)
    clock.now += 1
    ask(client)
    clock.now += 1
    with pytest.raises(
        SDKS[dialect].RateLimitError, match=r"\(TPM\): Limit 12, Used 10, Requested 5.*again in 58s"
    ) as caught:
        ask(client)
    assert json.loads(caught.value.response.content)["error"]["type"] == "tokens"


@BOTH
def test_a_request_larger_than_the_minute_never_passes(site, dialect):
    client = client_of(site, dialect)
    site.limits.tokens_per_minute = 4
    with pytest.raises(
        SDKS[dialect].APIStatusError, match=r"Request too large.*Limit 4, Requested 52"
    ) as caught:
        ask(client)
    assert caught.value.status_code == (413 if dialect == "groq" else 429)
    assert json.loads(caught.value.response.content)["error"]["code"] == "rate_limit_exceeded"
    assert "Retry-After" not in caught.value.response.headers


@given(
    gaps=st.lists(st.floats(0, 30), min_size=1, max_size=40),
    sizes=st.lists(st.integers(1, 10), min_size=40, max_size=40),
)
def test_no_window_holds_more_than_the_limit_and_no_wait_is_in_vain(gaps, sizes):
    clock, taken = Clock(), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "time", clock)
        account = Limits(requests_per_minute=4, tokens_per_minute=20)
        for gap, size in zip(gaps, sizes, strict=False):
            clock.now += gap
            if excess := account.take(size):
                clock.now += excess.wait + 1e-3
                assert account.take(size) is None
            taken.append((clock.now, size))
    for start, _ in taken:
        window = [size for at, size in taken if start <= at < start + 60]
        assert len(window) <= 4
        assert sum(window) <= 20


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (0.012, "12ms"), (1, "1s"), (7.66, "7.66s"), (179.56, "2m59.56s"), (360, "6m0s"), (59.9999, "1m0s"), (5400, "1h30m0s")],
)  # fmt: skip
def test_lengths_of_time_are_written_as_the_services_do(seconds, text):
    assert duration(seconds) == text


# ---- the journal and the connection


def test_the_hash_is_the_bodys_and_not_its_orders(site):
    client = client_of(site, "openai")
    ask(client, temperature=0.5, seed=1)
    ask(client, seed=1, temperature=0.5)
    ask(client, seed=2, temperature=0.5)
    first, second, third = (entry["hash"] for entry in site.journal)
    assert first == second != third


def request_bytes() -> bytes:
    body = json.dumps(ASKED).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def settled(site: Site, count: int) -> list[dict[str, Any]]:
    """The journal, once so many requests are over."""
    end = time.monotonic() + 10
    while sum(entry["answered"] is not None for entry in site.journal) < count:
        assert time.monotonic() < end, site.journal
        time.sleep(0.01)
    return site.journal


@pytest.mark.parametrize("fault", [None, "hang"])
def test_an_answer_to_a_client_that_was_killed_is_not_whole(site, fault):
    site.delay = 0.5
    if fault:
        site.fail(fault)
    asking = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); s.sendall(sys.stdin.buffer.read()); s.recv(1)"
    killed = subprocess.Popen(
        [sys.executable, "-c", asking, str(site.server.server_port)], stdin=subprocess.PIPE
    )
    killed.stdin.write(request_bytes())
    killed.stdin.close()
    while not site.journal:
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    (entry,) = settled(site, 1)
    assert (entry["status"], entry["whole"]) == (None, False)


def test_a_request_that_did_not_arrive_whole_is_none(site):
    with socket.create_connection(("127.0.0.1", site.server.server_port)) as connection:
        connection.sendall(request_bytes()[:-5])
    assert ask(client_of(site, "openai")).choices
    assert len(site.journal) == 1


def test_one_connection_serves_many_requests_until_the_service_is_closed(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.server.server_port)
    ports = set()
    for _ in range(5):
        connection.request("POST", "/v1/chat/completions", json.dumps(ASKED))
        assert connection.getresponse().read()
        ports.add(connection.sock.getsockname())
    assert len(ports) == 1
    site.close()
    with pytest.raises(ConnectionError):
        connection.request("POST", "/v1/chat/completions", json.dumps(ASKED))
        connection.getresponse()
    assert len(site.journal) == 5


def test_what_is_not_json_is_a_bad_request(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.server.server_port)
    connection.request("POST", "/v1/chat/completions", "{")
    assert connection.getresponse().status == 400
    assert site.journal == []


def test_a_fault_of_the_service_itself_is_told_at_its_end():
    with pytest.raises(ZeroDivisionError), Site(reply=lambda body: str(1 / 0)) as site:
        with pytest.raises(openai.APIConnectionError):
            ask(client_of(site, "openai"))
        assert settled(site, 1)[0]["whole"] is False


def test_the_file_of_the_journal_says_what_the_journal_says(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Site(journal=path) as site:
        site.fail("503", number=1)
        statuses(site, *"abc")
        assert read_journal(path) == site.journal  # an answer that was read is in the file
    with path.open("a") as file:
        file.write('{"number": 3, "time": 17')
    assert [entry["status"] for entry in read_journal(path)] == [200, 503, 200]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_the_program(tmp_path, end):
    port, journal = tmp_path / "port", tmp_path / "journal.jsonl"
    command = [sys.executable, "-m", "loopback_llm", "--port-file", str(port), "--journal", str(journal)]
    command += ["--limit-requests-per-minute", "2", "--delay", "0.1", "--model", "m", "n"]
    served = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(TESTS)})
    try:
        while not port.exists():
            assert served.poll() is None
            time.sleep(0.02)
        base = f"http://127.0.0.1:{int(port.read_text())}/v1"
        client = openai.OpenAI(api_key="k", base_url=base, max_retries=0)
        assert [model.id for model in client.models.list().data] == ["m", "n"]
        start = time.monotonic()
        ask(client)
        ask(client)
        assert time.monotonic() - start >= 0.2
        with pytest.raises(openai.RateLimitError):
            ask(client)
        while not read_journal(journal)[-1]["whole"]:  # it is written after the answer
            time.sleep(0.02)
    finally:
        served.send_signal(end)
    assert served.wait() == (0 if end == signal.SIGTERM else -end)
    assert [(entry["status"], entry["whole"]) for entry in read_journal(journal)] == [
        (200, True),
        (200, True),
        (429, True),
    ]
