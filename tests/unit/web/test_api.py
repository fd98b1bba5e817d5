"""Sites that answer in JSON: nothing that they send is without a bound, and nobody else is sent anything."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from loopback.apis import Apis, json_answer
from loopback.faults import Faults
from loopback.server import Server
from loopback.youtube import YouTube

from trailerflow import retry
from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.web import api, reading, tmdb
from trailerflow.web.api import get_json, is_about_key
from unit.api_sites import KEYS, Reply, serving, web_access
from unit.sleeping import sleeps_of

pytestmark = pytest.mark.slow

GOOD = {"results": [], "name": "x"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def sites(monkeypatch):
    with serving(monkeypatch) as served:
        yield served


@pytest.fixture
def ask(tmp_path):
    """Ask TMDB on loopback."""
    return lambda **query: get_json(web_access(tmp_path), tmdb.SITE, "/x", query)[0].answer


def fault(ask: Any) -> str:
    """Why there is no answer; nothing is kept."""
    with pytest.raises(LaterError) as caught:
        ask()
    assert caught.value.earliest is None
    return caught.value.reason


def dripping(*begin: bytes) -> Iterator[bytes]:
    """A byte now and then, for ever."""

    def drip() -> Iterator[bytes]:
        while True:
            time.sleep(0.02)
            yield b" "

    return chain(begin, drip())


# ---- bounds


@pytest.mark.parametrize(
    "begin",
    [(HEAD, b"\r\n"), (HEAD, b"X-Drip: "), (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"00000")],
    ids=["body", "head", "chunk"],
)
def test_an_answer_that_drips_is_given_up(sites, ask, monkeypatch, begin):
    monkeypatch.setattr(reading, "EXCHANGE_SECONDS", 0.2)
    sites.answers["tmdb"] = lambda asked: Reply(raw=dripping(*begin))
    before = time.monotonic()
    assert fault(ask) == (
        "the answer of api.themoviedb.org cannot be taken: it did not come whole within 0.2 s, 3 times"
    )
    assert 0.6 <= time.monotonic() - before < 2
    assert len(sites.asked) == 3


def test_an_answer_without_an_end_is_given_up(sites, ask, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    for head in (HEAD + b"\r\n", HEAD + b"Content-Length: 99999999999\r\n\r\n"):
        sites.answers["tmdb"] = lambda asked, head=head: Reply(raw=chain([head], repeat(b" " * 4096)))
        assert "it is larger than 1,000,000 bytes" in fault(ask)


def test_an_answer_that_is_large_once_unpacked_is_given_up(sites, ask, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    body = gzip.compress(b"[" + b" " * 1_000_000 + b"]")
    assert len(body) < 2000
    sites.answers["tmdb"] = lambda asked: Reply(body=body, headers={"Content-Encoding": "gzip"})
    assert "it is larger than 1,000,000 bytes" in fault(ask)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(json.dumps(GOOD).encode())), ("", json.dumps(GOOD).encode())],
)
def test_a_packed_answer_is_unpacked(sites, ask, encoding, body):
    sites.answers["tmdb"] = lambda asked: Reply(body=body, headers={"Content-Encoding": encoding})
    assert ask() == GOOD


NO_ANSWERS = [
    (Reply(headers={"Content-Encoding": "br"}), "packed as 'br'"),
    (Reply(headers={"Content-Encoding": "gzip, gzip"}), "packed as"),
    (Reply(body=b"\x1f\x8b no", headers={"Content-Encoding": "gzip"}), "packed bytes are damaged"),
    (Reply(body=gzip.compress(b"{}" * 99)[:-9], headers={"Content-Encoding": "gzip"}), "broke off"),
    (Reply(raw=[HEAD + b"Content-Length: 9\r\n\r\n{}"]), "could not be reached (ProtocolError)"),
    (Reply(raw=[HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"]), "could not be reached"),
    (Reply(raw=[b"\x00\x01\x02\r\n\r\n"]), "could not be reached"),
    (Reply(body=b"[" * 300_000 + b"]" * 300_000), "nested deeper than 100 levels"),
    (Reply(body=b'{"a":' * 300_000 + b"1" + b"}" * 300_000), "nested deeper than 100 levels"),
    (Reply(body=b'{"a": ' + b"9" * 5000 + b"}"), "a number of more than 400 digits"),
    (Reply(body=b"\xff\xfe"), "it is no JSON"),
    (Reply(body=b"[1]"), "JSON that is no object"),
    (Reply(body=b"null"), "JSON that is no object"),
]


@pytest.mark.parametrize(("reply", "words"), NO_ANSWERS, ids=[words for _, words in NO_ANSWERS])
def test_an_answer_that_is_not_what_it_says_is_asked_for_again_and_then_later(sites, ask, reply, words):
    sites.answers["tmdb"] = lambda asked: reply
    before = time.monotonic()
    assert words in fault(ask)
    assert time.monotonic() - before < 2
    assert len(sites.asked) == 3


def test_the_bounds_are_those_that_the_docs_tell():
    assert (reading.EXCHANGE_SECONDS, reading.MOST_BYTES, reading.MOST_REDIRECTS) == (60, 16_000_000, 3)
    assert (reading.TIMEOUT_SECONDS, api.SHORT_WAIT_SECONDS) == ((10, 30), 30)
    assert (tmdb.SITE.pause_seconds, tmdb.SITE.requests_per_day) == (0.05, None)


def test_texts_are_cleaned(sites, ask, tmp_path):
    sites.answers["tmdb"] = lambda asked: Reply(body=rb'{"name": "a\ud83d\u0000\u001b[31mb"}')
    assert ask() == {"name": "a\ufffd[31mb"}


# ---- redirects


def redirects(to: str, status: int) -> Reply:
    return Reply(status, b"elsewhere", {"Location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_site_is_followed(sites, ask, status):
    sites.answers["tmdb"] = lambda asked: GOOD if asked.path == "/y" else redirects("/tmdb/y?a=1", status)
    assert ask() == GOOD
    assert [asked.path for asked in sites.asked] == ["/x", "/y"]


@pytest.mark.parametrize("number", [3, 4])
def test_redirects_end(sites, ask, number):
    left = list(range(number))
    sites.answers["tmdb"] = lambda asked: redirects("/tmdb/x", 302) if left and left.pop() >= 0 else GOOD
    if number == 3:
        assert ask() == GOOD
        return
    left.extend(range(99))
    assert fault(ask) == "api.themoviedb.org redirected more than 3 times, 3 times"
    assert len(sites.asked) == 12


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("to", "place"),
    [
        ("https://elsewhere.example/3/x?api_key=secret-of-tmdb", "another host (https://elsewhere.example)"),
        ("http://127.0.0.1:9/x?api_key=secret-of-tmdb", "another host (http://127.0.0.1:9)"),
        ("//elsewhere.example/x", "another host (http://elsewhere.example)"),
        ("https://secret-of-tmdb.elsewhere.example/", "another host (https://[secret].elsewhere.example)"),
        ("http://[::1", "an address that is none"),
        ("file:///etc/passwd", "another host (file://None)"),
    ],
)
def test_a_redirect_to_somebody_else_is_refused_in_a_sentence(sites, ask, status, to, place):
    sites.answers["tmdb"] = lambda asked: redirects(to, status)
    with pytest.raises(TrailerflowError) as caught:
        ask()
    words = str(caught.value)
    assert words.startswith(f"api.themoviedb.org redirects to {place}, and nothing is sent there; look")
    assert "secret-of" not in words
    assert len(sites.asked) == 1


def test_a_redirect_to_another_port_gets_no_request(sites, ask, monkeypatch):
    with serving(monkeypatch) as other:
        with serving(monkeypatch) as site:
            site.answers["tmdb"] = lambda asked: redirects(f"http://127.0.0.1:{other.port}/tmdb/x", 308)
            with pytest.raises(TrailerflowError, match=rf"another host \(http://127\.0\.0\.1:{other.port}\)"):
                ask()
        assert other.asked == []


@pytest.fixture
def web(monkeypatch):
    """A web by TLS."""
    apis = Apis()
    with Server(YouTube(), apis, Faults()) as server:
        for name, value in (server.environment | KEYS).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(retry, "PAUSES", (0.0, 0.0))
        apis.add(
            "api.themoviedb.org", "/3/x", json_answer({}, 302, {"Location": "http://api.themoviedb.org/3/y"})
        )
        apis.add("api.themoviedb.org", "/3/y", json_answer(GOOD))
        yield server


def test_a_redirect_that_gives_the_encryption_up_is_refused(web, ask):
    with pytest.raises(
        TrailerflowError, match=r"redirects to an address without encryption \(http://api\.themoviedb\.org\)"
    ):
        ask()
    assert len(web.journal.entries) == 1


def test_a_redirect_without_an_end_is_not_read(sites, ask):
    head = b"HTTP/1.1 302 Found\r\nLocation: /tmdb/y\r\n\r\n"
    sites.answers["tmdb"] = lambda asked: (
        GOOD if asked.path == "/y" else Reply(raw=chain([head], repeat(bytes(4096))))
    )
    assert ask() == GOOD


# ---- statuses


@pytest.mark.parametrize("status", [500, 502, 503, 599])
def test_a_slip_of_a_site_is_asked_again_at_once(sites, ask, status):
    sites.answers["tmdb"] = lambda asked: Reply(status, json.dumps(GOOD).encode())
    assert fault(ask) == f"api.themoviedb.org answered {status}, 3 times"
    assert len(sites.asked) == 3


@pytest.mark.parametrize("status", [101, 400, 402, 405, 408, 410, 418, 422, 425, 451, 498, 206, 304, 302])
def test_a_status_that_nobody_foresaw_is_for_later_with_the_sites_words(sites, ask, status):
    body = b'{"status_message": "Try tea.\\u0007", "api_key": "secret-of-tmdb"}'
    empty = status in (101, 304)
    sites.answers["tmdb"] = lambda asked: Reply(status, b"" if empty else body)
    words = fault(ask)
    assert words.startswith(f"api.themoviedb.org answered {status} (")
    assert words.endswith("; if it stays, its interface has changed")
    assert ("Try tea." in words) == (not empty)
    assert "secret-of" not in words
    assert len(sites.asked) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Invalid API key: You must be granted a valid key."),
        (401, "No API key provided."),
        (401, ""),
        (403, "Suspended API key: Access to your account has been suspended, contact TMDB."),
        (403, "<html>"),
        (422, "The api_key is invalid for secret-of-tmdb: API key expired"),
    ],
)
def test_a_key_that_is_refused_is_a_fault_of_the_set_up_with_the_sites_words(sites, ask, status, words):
    sites.answers["tmdb"] = lambda asked: Reply(status, words.encode())
    with pytest.raises(TrailerflowError) as caught:
        ask()
    expected = words.replace("secret-of-tmdb", "[secret]")
    assert str(caught.value) == (
        f"api.themoviedb.org refused the key in TMDB_API_KEY; set a valid one ({status}: {expected})."
    )


@pytest.mark.parametrize(
    "words", ["No monkey", "Invalid date", "keyed", "a key", "No result. Keyword.", "no such film"]
)
def test_other_words_are_not_about_the_key(words):
    assert not is_about_key(words)


def test_the_words_of_a_site_are_cut(sites, ask):
    sites.answers["tmdb"] = lambda asked: Reply(418, b"tea \n" * 10_000)
    assert len(fault(ask)) < 400


def test_what_a_site_has_not_is_kept_as_nothing(sites, ask):
    sites.answers["tmdb"] = lambda asked: Reply(404, b"?")
    assert [ask(), ask()] == [None, None]
    assert len(sites.asked) == 1


def test_a_key_that_a_good_answer_repeats_is_kept_nowhere(sites, ask, tmp_path):
    sites.answers["tmdb"] = lambda asked: {"you_sent": "secret-of-tmdb"}
    assert "secret-of" not in json.dumps(ask())
    assert all("secret-of" not in path.read_text() for path in tmp_path.rglob("*") if path.is_file())


def test_an_answer_of_an_earlier_time_that_is_no_object_is_asked_for_again(sites, ask, tmp_path):
    sites.answers["tmdb"] = lambda asked: GOOD
    request = {"site": tmdb.SITE.name, "path": "/x", "parameters": {}}
    web_access(tmp_path).answers("apis").put(request, ["?"])
    assert ask() == GOOD


def test_a_short_wait_that_the_site_names_is_made_at_once(sites, ask, monkeypatch):
    slept = sleeps_of(api, monkeypatch)
    replies = [Reply(429, b"", {"Retry-After": "30"}), Reply(body=json.dumps(GOOD).encode())]
    sites.answers["tmdb"] = lambda asked: replies.pop(0)
    assert ask() == GOOD
    assert 30.0 in slept


def test_all_that_is_written_is_for_the_owner_alone(sites, ask, tmp_path):
    sites.answers["tmdb"] = lambda asked: GOOD
    ask()
    written = [path for folder in ("cache", "run") for path in Path(tmp_path, folder).rglob("*")]
    assert len([path for path in written if path.is_file()]) == 2
    assert {path.stat().st_mode & 0o777 for path in written if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in written if path.is_dir()} == {0o700}
