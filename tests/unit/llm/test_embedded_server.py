"""llama.cpp's server with the smallest real model: for this user alone, for those with the key, all slots at once."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from workflow.projects import MODELS, TEST_MODEL

from trailerflow.errors import TrailerflowError
from trailerflow.llm import embedded_server
from trailerflow.llm.exchange import EmbeddedExchange
from trailerflow.llm.model import LanguageModel
from trailerflow.models.fetch import fetch_model, read_model_list
from trailerflow.servers import warm_server
from trailerflow.servers.private_socket import PrivateConnection, is_private, remove_socket
from trailerflow.servers.warm_server import Endpoint, ensure_server, read_endpoint
from unit.toy_server import alive, wait_for

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SLOTS = 4


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedExchange]:
    fetch_model(TEST_MODEL["model"], read_model_list(ROOT / "resources/models.yaml"), MODELS, None, print)
    model = LanguageModel.from_settings({**TEST_MODEL, "slots": SLOTS, "context": 512})
    run = tmp_path_factory.mktemp("embedded")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(warm_server, "START_SECONDS", 60.0)
        yield EmbeddedExchange(model, run=run, models_folder=MODELS, threads=2)
    for path in (run / "servers").glob("*.json"):
        if endpoint := read_endpoint(path):
            os.kill(endpoint.pid, signal.SIGKILL)
            remove_socket(endpoint.place)


@pytest.fixture
def endpoint(exchange: EmbeddedExchange) -> Endpoint:
    return exchange._start()


def asking(tokens: int, **more: object) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": "Count."}], "max_tokens": tokens, "seed": 0} | more


def status_of(endpoint: Endpoint, method: str, path: str, key: str | None) -> tuple[int, bytes]:
    connection = PrivateConnection(endpoint.place, 30)
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    connection.request(method, path, json.dumps(asking(1)) if method == "POST" else None, headers)
    response = connection.getresponse()
    try:
        return response.status, response.read()
    finally:
        connection.close()


def test_it_answers_with_its_words_their_probabilities_and_its_refusals(exchange):
    reply = exchange.send(asking(4, logprobs=True, top_logprobs=2))
    assert reply.status == 200
    choice = json.loads(reply.data)["choices"][0]
    assert choice["message"]["content"]
    assert len(choice["logprobs"]["content"][0]["top_logprobs"]) == 2
    refused = exchange.send({"messages": 3})
    assert refused.status in (400, 500)
    assert json.loads(refused.data)["error"]["message"]


def test_only_who_has_the_key_is_served(endpoint):
    for path in ("/v1/chat/completions", "/completion"):
        for key in (None, "", "wrong"):
            status, data = status_of(endpoint, "POST", path, key)
            assert (status, b"Invalid API Key" in data) == (401, True)
    assert status_of(endpoint, "POST", "/v1/chat/completions", endpoint.key)[0] == 200


def test_it_listens_at_its_socket_and_nowhere_else(endpoint):
    process = psutil.Process(endpoint.pid)
    assert process.net_connections(kind="inet") == []
    assert is_private(endpoint.place)


def test_all_slots_work_at_once(exchange, endpoint):
    def open_requests() -> int:
        text = status_of(endpoint, "GET", "/metrics", endpoint.key)[1].decode()
        return int(float(re.search(r"^llamacpp:requests_processing (\S+)$", text, re.MULTILINE)[1]))

    with ThreadPoolExecutor(SLOTS) as pool:
        body = asking(40, ignore_eos=True)
        replies = [pool.submit(exchange.send, body) for _ in range(SLOTS)]
        most = 0
        while not all(reply.done() for reply in replies):
            most = max(most, open_requests())
            time.sleep(0.02)
    assert [reply.result().status for reply in replies] == [200] * SLOTS
    assert most == SLOTS


def test_a_model_that_cannot_be_loaded_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    temporary = tempfile.mkdtemp()  # of a short name, for the socket
    monkeypatch.setenv("TMPDIR", temporary)
    (tmp_path / "bad.gguf").write_bytes(b"no model")
    command = [
        sys.executable,
        "-m",
        embedded_server.__name__,
        "--name",
        "bad",
        "--model",
        str(tmp_path / "bad.gguf"),
    ]
    command += ["--context", "512", "--slots", "1", "--threads", "1", "--idle-seconds", "9"]
    with pytest.raises(TrailerflowError, match=r"llama\.cpp cannot load .*bad\.gguf"):
        ensure_server("llm", {}, tmp_path / "run", command)
    Path(temporary).rmdir()  # which fails where anything is left
    assert list((tmp_path / "run/servers").glob("*.json")) == []


def test_a_server_that_is_asked_to_end_takes_its_socket_along(exchange, endpoint):
    os.kill(endpoint.pid, signal.SIGTERM)
    assert wait_for(lambda: not alive(endpoint.pid))
    assert not endpoint.place.parent.exists()
    assert exchange.send(asking(1)).status == 200
    anew = exchange._start()
    assert anew.key != endpoint.key
    assert min(len(anew.key), len(endpoint.key)) >= 32, "it could be guessed"
