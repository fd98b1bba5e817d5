"""The server's side: for this user alone, for those with the key, and gone when nobody asks any more."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from trailerflow.servers import serving
from trailerflow.servers.private_socket import PrivateConnection
from trailerflow.servers.serving import announced, wait_until_idle
from trailerflow.servers.warm_server import RUN_VARIABLE, Endpoint, post, process_start, read_endpoint
from unit.toy_server import alive, wait_for

pytestmark = pytest.mark.slow


def test_only_who_has_the_key_is_served(server):
    server.pid()
    right = server.start()
    for key in ("", "secret ", "Secret", "secre", "secrets", "é"):
        wrong = Endpoint(right.place, key, right.pid, right.path)
        assert post(wrong, "/pid", {"x": 1}, 5) == (401, b'{"error": "wrong key"}')
    connection = PrivateConnection(right.place, 5)
    for headers in ({}, {"Authorization": "secret"}, {"Authorization": "Basic secret"}):
        connection.request("POST", "/pid", b"{}", headers)
        assert connection.getresponse().read() == b'{"error": "wrong key"}'
    connection.putrequest("POST", "/pid")  # without a body and its length
    connection.endheaders()
    assert connection.getresponse().read() == b'{"error": "wrong key"}'
    connection.close()


def test_what_a_server_answers(server):
    assert server.ask("/pid", x=2)[1]["x"] == 2
    assert server.ask("/other") == (404, {"error": "no such path: /other"})
    assert server.ask("/fault") == (500, {"error": "KeyError: 'x'"})
    assert "KeyError: 'x'" in server.endpoint.with_suffix(".log").read_text()
    connection = PrivateConnection(server.start().place, 5)
    for path, status in (("/health", 200), ("/pid", 404)):
        connection.request("GET", path)
        response = connection.getresponse()
        assert (response.status, response.read()) == (status, b"{}")
        assert response.headers["Content-Type"] == "application/json"


def test_an_engine_works_on_one_request_at_a_time(server):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: server.ask("/slow"), range(4)))
    assert answers == [(200, {"at_once": 1})] * 4


def test_many_may_wait_for_a_server(server):
    server.pid()
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda _: post(server.start(), "/pid", {}, 10)[0], range(80)))
    assert answers == [200] * 80


def test_a_server_that_is_asked_to_end_takes_its_socket_along(server):
    pid, place = server.pid(), server.start().place
    os.kill(pid, signal.SIGTERM)
    assert wait_for(lambda: not alive(pid))
    assert not place.parent.exists()
    assert not server.endpoint.exists()


def test_it_leaves_when_idle(server):
    server.idle = 0.3
    pid, place = server.pid(), server.start().place
    assert wait_for(lambda: not alive(pid))
    assert not server.endpoint.exists()
    assert not place.parent.exists()
    assert server.pid() != pid


def test_it_leaves_when_its_run_is_over(server, monkeypatch, tmp_path):
    main = subprocess.Popen(["sleep", "60"])
    monkeypatch.setenv(RUN_VARIABLE, f"{main.pid}:{process_start(main.pid)}:{tmp_path}")
    pid = server.pid()
    time.sleep(0.3)
    assert alive(pid)
    main.kill()
    main.wait()
    assert wait_for(lambda: not alive(pid))


def test_an_endpoint_is_announced_for_a_while(tmp_path):
    path = tmp_path / "run" / "a.json"
    with announced(path, "secret") as place:
        assert read_endpoint(path) == Endpoint(place, "secret", os.getpid(), path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert not path.exists()
    assert not place.parent.exists()


def test_an_endpoint_is_taken_back_after_a_fault(tmp_path):
    path = tmp_path / "a.json"
    with pytest.raises(RuntimeError), announced(path, "secret") as place:
        raise RuntimeError
    assert not path.exists()
    assert not place.parent.exists()


def test_the_endpoint_of_another_server_stays(tmp_path):
    path = tmp_path / "a.json"
    with announced(path, "secret"):
        path.write_text('{"socket": "/a/model.sock", "key": "k", "pid": 1}')
    assert path.exists()
    with announced(path, "secret"):
        path.unlink()
    assert not path.exists()


# ---- when a server leaves


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look often, and leave this process's own signals as they were."""
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0.01)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def seconds_until_idle(looks: list[tuple[int, object]], idle: float) -> tuple[float, int]:
    """How long a server with these activities, the last one for ever, waits; and how often it looked."""
    seen = iter(looks)
    count = 0

    def activity() -> tuple[int, object]:
        nonlocal count
        count += 1
        return next(seen, looks[-1])

    started = time.monotonic()
    wait_until_idle(activity, idle)
    return time.monotonic() - started, count


@pytest.mark.usefixtures("quick")
def test_an_open_request_or_a_new_one_keeps_a_server(monkeypatch):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    idle = [(0, "a")]
    assert 0.1 < seconds_until_idle(idle, 0.1)[0] < 3
    assert seconds_until_idle([*idle, *[(1, "a")] * 20, *idle], 0.1)[0] > 0.3
    changing: list[tuple[int, object]] = [(0, number) for number in range(20)]
    assert seconds_until_idle([*changing], 0.1)[0] > 0.28


@pytest.mark.usefixtures("quick")
def test_a_server_whose_run_is_over_leaves_once_nothing_is_open(monkeypatch):
    monkeypatch.setattr(serving, "run_is_over", lambda: True)
    assert seconds_until_idle([(0, "a"), (1, "a"), (1, "a"), (0, "a")], 60)[1] == 4


@pytest.mark.usefixtures("quick")
def test_a_signal_ends_the_wait():
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
    assert seconds_until_idle([(1, "a")], 60)[0] < 5
