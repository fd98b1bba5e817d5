"""What a hosted server may send is bounded: bytes, unpacked bytes, time, depth, and where it may redirect to."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.llm import client as client_module
from trailerflow.llm import exchange as exchange_module
from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Request

pytestmark = pytest.mark.slow

KINDS = ("openai", "groq", "openai_compatible")
ANSWER = json.dumps(
    {
        "choices": [{"message": {"content": "A film."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
    }
).encode()
REQUEST = Request([{"role": "user", "content": "A question."}], max_tokens=9)


class Server:
    """Answers each POST by a function of the handler, on 127.0.0.1."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        server = self
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.stopping = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                try:
                    answer(self)
                except OSError:
                    self.close_connection = True  # the client has left

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"

    def close(self) -> None:
        self.stopping.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Any], None]], Server]]:
    servers: list[Server] = []

    def make(answer: Callable[[Any], None]) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PAUSES", ())
    monkeypatch.setattr(exchange_module, "GRACE_SECONDS", 0.1)
    monkeypatch.setenv("THE_KEY", "secret-value")


def client(folder: Path, address: str, kind: str = "openai", **settings: Any) -> Client:
    model = LanguageModel.from_settings(
        {"name": "hosted", "kind": kind, "model": "m", "context": 4096, "key_variable": "THE_KEY", "timeout_seconds": 5,
         "base_url": address, **settings}
    )  # fmt: skip
    return Client(model, cache=folder / "cache", run=folder / "run", models_folder=folder, threads=1)


def send(handler: Any, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def chunk(handler: Any, data: bytes) -> None:
    handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    handler.wfile.flush()


def chunked(handler: Any, **headers: str) -> None:
    handler.send_response(200)
    for name, value in {"Transfer-Encoding": "chunked", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def reason(client: Client) -> str:
    with pytest.raises(LaterError) as caught:
        client.ask(REQUEST)
    assert list((client._store.folder).rglob("*.json")) == []
    return caught.value.reason


# ---- bytes and time


@pytest.mark.parametrize("kind", KINDS)
def test_an_endless_answer_is_not_read_to_its_end(serve, tmp_path, kind):
    sent = []

    def answer(handler: Any) -> None:
        chunked(handler)
        while not server.stopping.is_set():
            chunk(handler, b" " * 1_000_000)
            sent.append(1)

    server = serve(answer)
    assert "larger than 16,000,000 bytes" in reason(client(tmp_path, server.address, kind))
    assert len(sent) < 60  # what the sockets' buffers take beside it


def test_a_packed_answer_is_bounded_when_unpacked(serve, tmp_path):
    bomb = gzip.compress(b" " * 60_000_000)
    server = serve(lambda handler: send(handler, bomb, Content_Encoding="gzip"))
    assert "larger than 16,000,000 bytes" in reason(client(tmp_path, server.address))


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_packed_answer_is_read(serve, tmp_path, encoding):
    body = gzip.compress(ANSWER) if encoding == "gzip" else ANSWER
    server = serve(lambda handler: send(handler, body, Content_Encoding=encoding))
    assert client(tmp_path, server.address).ask(REQUEST).text == "A film."


def test_a_packing_that_nobody_asked_for_is_refused(serve, tmp_path):
    server = serve(lambda handler: send(handler, ANSWER, Content_Encoding="br"))
    assert "packed as 'br', which was not asked for" in reason(client(tmp_path, server.address))
    assert server.requests[0][1]["accept-encoding"] == "gzip, deflate"


def drip_body(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    drip(handler)


def drip_head(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drip(handler)


def drip(handler: Any) -> None:
    for _ in range(600):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("slow", [drip_body, drip_head], ids=["body", "head"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_answer_has_one_deadline(serve, tmp_path, slow, kind):
    server = serve(slow)
    start = time.monotonic()
    assert "hosted gave no answer within 0.3 s" in reason(
        client(tmp_path, server.address, kind, timeout_seconds=0.3)
    )
    assert time.monotonic() - start < 5


def test_json_of_any_depth_is_refused_at_once(serve, tmp_path):
    server = serve(lambda handler: send(handler, b'{"choices": ' + b"[" * 300_000 + b"]" * 300_000 + b"}"))
    start = time.monotonic()
    assert "nested deeper than 100 levels" in reason(client(tmp_path, server.address))
    assert time.monotonic() - start < 5


# ---- redirects


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_is_sent_to_another_host(serve, tmp_path, kind, status):
    other = serve(lambda handler: send(handler, ANSWER))
    place = f"{other.address}/v1/chat/completions?key=secret-value"
    server = serve(lambda handler: send(handler, b"", status, Location=place))
    with pytest.raises(TrailerflowError) as caught:
        client(tmp_path, server.address, kind).ask(REQUEST)
    assert (
        f"redirects to another host ({other.address}); nothing was sent there. Correct base_url of hosted"
        in str(caught.value)
    )
    assert "secret-value" not in str(caught.value)
    assert other.requests == []


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_on_the_same_host_is_followed_with_the_question(serve, tmp_path, status):
    def answer(handler: Any) -> None:
        if handler.path.startswith("/new/"):
            send(handler, ANSWER)
        else:
            send(handler, b"", status, Location=f"/new{handler.path}")

    server = serve(answer)
    assert client(tmp_path, server.address).ask(REQUEST).text == "A film."
    (_, _, asked), (path, headers, again) = server.requests
    assert (path, asked) == ("/new/chat/completions", again)
    assert headers["authorization"] == "Bearer secret-value"


def test_a_redirect_that_loses_the_question_is_refused(serve, tmp_path):
    server = serve(lambda handler: send(handler, b"", 303, Location="/elsewhere"))
    with pytest.raises(TrailerflowError, match="redirects by 303, which loses the question"):
        client(tmp_path, server.address).ask(REQUEST)


def test_redirects_without_end_are_refused(serve, tmp_path):
    server = serve(lambda handler: send(handler, b"", 307, Location=handler.path))
    with pytest.raises(TrailerflowError, match="redirects more than 3 times"):
        client(tmp_path, server.address).ask(REQUEST)
    assert len(server.requests) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_the_environment_names_is_used(serve, tmp_path, monkeypatch, kind):
    proxy = serve(lambda handler: send(handler, ANSWER))
    monkeypatch.setenv("http_proxy", proxy.address)
    assert client(tmp_path, "http://models.example/v1", kind).ask(REQUEST).text == "A film."
    assert proxy.requests[0][0] == (
        f"http://models.example/v1/{'openai/v1/' if kind == 'groq' else ''}chat/completions"
    )


# ---- secrets


def test_secrets_are_named_by_their_variable_everywhere_but_in_the_request(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("GATEWAY", "open-sesame-123")
    server = serve(lambda handler: send(handler, ANSWER))
    one = client(
        tmp_path,
        f"{server.address}/v1?api-key=${{GATEWAY}}&version=2",
        parameters={"user_token": "${GATEWAY}", "n_best": 2},
    )
    one.ask(REQUEST)
    path, _, body = server.requests[0]
    assert path == "/v1/chat/completions?api-key=open-sesame-123&version=2"
    assert json.loads(body)["user_token"] == "open-sesame-123"
    kept = "".join(file.read_text() for file in (tmp_path / "cache").rglob("*") if file.is_file())
    assert "open-sesame" not in kept
    assert "${GATEWAY}" in kept


def test_a_secret_whose_variable_is_not_set_is_told(serve, tmp_path):
    server = serve(lambda handler: send(handler, ANSWER))
    with pytest.raises(TrailerflowError, match="Model hosted needs the environment variable NOT_SET"):
        client(tmp_path, server.address, parameters={"token": "${NOT_SET}"}).ask(REQUEST)
    assert server.requests == []


def test_a_key_that_the_server_repeats_is_not_told_on(serve, tmp_path):
    words = json.dumps({"error": {"message": "secret-value is overloaded"}}).encode()
    server = serve(lambda handler: send(handler, words, 503))
    assert reason(client(tmp_path, server.address)) == "hosted answered 503: [secret] is overloaded, 1 times"


def test_no_cookie_of_the_server_is_sent_back_or_kept(serve, tmp_path):
    server = serve(lambda handler: send(handler, ANSWER, Set_Cookie="session=abc"))
    client(tmp_path, server.address).ask(REQUEST)
    kept = "".join(file.read_text() for file in (tmp_path / "cache").rglob("*") if file.is_file())
    assert "session=abc" not in kept
