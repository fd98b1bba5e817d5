"""Warm servers: found, started once, started again after a crash, gone when idle or when the run is over.

Who is asked has proven that it is a server of this user's, before a word is sent.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.lock import file_lock
from trailerflow.outside import within
from trailerflow.servers import warm_server
from trailerflow.servers.private_socket import is_private, remove_socket
from trailerflow.servers.warm_server import (
    RUN_VARIABLE,
    Endpoint,
    ask_server,
    endpoint_path,
    ensure_server,
    post,
    process_start,
    read_endpoint,
    run_identity,
    run_is_over,
    settings_hash,
)
from unit.sites import Part, head, local_site
from unit.sleeping import sleeps_of
from unit.toy_server import alive, socket_place, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def place() -> Iterator[Path]:
    with socket_place() as place:
        yield place


# ---- found and started


def test_many_jobs_find_one_server(server):
    with ThreadPoolExecutor(6) as pool:
        pids = set(pool.map(lambda _: server.pid(), range(12)))
    assert len(pids) == 1


def test_a_warm_server_is_found_without_waiting_for_the_lock(server):
    found = server.start()
    with file_lock(server.endpoint.with_suffix(".lock")):
        assert within(5, server.start) == found


def test_only_the_owner_can_read_what_a_server_leaves(server):
    pid = server.pid()
    assert os.getsid(pid) == pid, "a terminal's Ctrl-C would reach it"
    folder = server.run / "servers"
    assert {path.suffix for path in folder.iterdir()} == {".json", ".log"}
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.run.stat().st_mode) == 0o700
    document = json.loads(server.endpoint.read_text())
    assert document == {"socket": str(server.start().place), "key": "secret", "pid": pid}
    assert is_private(Path(document["socket"]))


def test_it_listens_at_its_socket_and_nowhere_else(server):
    process = psutil.Process(server.pid())
    assert process.net_connections(kind="inet") == []
    assert str(server.start().place) in [found.laddr for found in process.net_connections(kind="unix")]


def test_a_crashed_server_is_started_again_and_its_socket_removed(server):
    first, left = server.pid(), server.start().place
    os.kill(first, signal.SIGKILL)
    assert server.pid() != first
    assert not left.parent.exists()


def test_another_setting_is_another_server(server):
    first, place = server.pid(), server.start().place
    server.settings = {"model": "b"}
    assert server.pid() != first
    assert is_private(place), "the other one still listens"


def test_the_next_server_of_whatever_setting_removes_what_a_killed_one_left(server, monkeypatch):
    first, left, old = server.pid(), server.start().place, server.endpoint
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: not alive(first))
    monkeypatch.setenv("SLURM_JOB_ID", "7")
    server.settings = {"model": "b"}
    server.pid()
    assert left.exists(), "another allocation's processes cannot be seen from here"
    os.kill(server.start().pid, signal.SIGKILL)
    remove_socket(server.start().place)
    monkeypatch.delenv("SLURM_JOB_ID")
    server.settings = {"model": "c"}
    server.pid()
    assert not left.parent.exists()
    assert old.exists(), "its lock is not ours"


def test_a_server_that_does_not_start_is_told_with_its_log(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no such model\\n  \\n')"]
    for _ in range(2):
        with pytest.raises(TrailerflowError) as caught:
            ensure_server("toy", {}, tmp_path, command)
    log = endpoint_path("toy", {}, tmp_path).with_suffix(".log")
    assert str(caught.value) == (
        f"The model server ended with code 1 while starting: no such model (its log is {log})."
    )
    assert log.read_text().count("no such model") == 2
    with pytest.raises(TrailerflowError, match="code 3 while starting: it said nothing"):
        ensure_server("quiet", {}, tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])


def test_a_server_may_end_with_words_of_any_bytes_and_leaves_no_endpoint(server, place):
    server.announce(socket=str(place), key="secret", pid=os.getpid())
    command = [sys.executable, "-c", "import sys; sys.stdout.buffer.write(b'caf\\xe9'); sys.exit(1)"]
    with pytest.raises(TrailerflowError, match="while starting: caf\ufffd "):
        ensure_server("toy", server.settings, server.run, command)
    assert not server.endpoint.exists()


def test_a_server_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(warm_server, "START_SECONDS", 0.4)
    code = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(TrailerflowError) as caught:
        ensure_server("toy", {}, tmp_path, [sys.executable, "-c", code])
    log = endpoint_path("toy", {}, tmp_path).with_suffix(".log")
    assert str(caught.value) == f"The model server was not ready after 0 s; its log is {log}."
    pid = int((tmp_path / "pid").read_text())
    assert wait_for(lambda: not alive(pid))


def test_a_servers_name_tells_its_kind_settings_node_and_allocation(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "node1")
    monkeypatch.delenv("SLURM_JOB_ID", raising=False)
    # printf '{"a": 1, "b": 2}' | sha256sum
    name = settings_hash({"b": 2, "a": 1})
    assert name == "d8497d9d8277"
    assert endpoint_path("llm", {"a": 1, "b": 2}, Path("run")) == Path(
        f"run/servers/llm.{name}.node1.local.json"
    )
    monkeypatch.setenv("SLURM_JOB_ID", "42")
    assert endpoint_path("llm", {}, Path("run")).name == f"llm.{settings_hash({})}.node1.42.json"


# ---- who is asked


def test_a_stranger_at_the_port_of_an_older_version_gets_nothing(server):
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)

        def take() -> None:
            with suppress(TimeoutError):
                connection, _ = listening.accept()
                came.append(connection.recv(1000))

        thread = threading.Thread(target=take)
        thread.start()
        server.announce(port=listening.getsockname()[1], key="old", pid=os.getpid())
        assert server.pid() != os.getpid()
        thread.join()
    assert came == []


def test_a_stranger_at_the_socket_gets_nothing(server, place):
    with local_site(place, {"/health": [head(b"{}")], "/pid": [head(b'{"pid": 1, "x": 1}')]}) as came:
        place.parent.chmod(0o755)
        server.announce(socket=str(place), key="secret", pid=os.getpid())
        assert server.pid() not in (1, os.getpid())
        assert came == []
    assert place.exists(), "and nothing of it is removed"
    with pytest.raises(ConnectionRefusedError):
        post(Endpoint(place, "secret", 1, server.endpoint), "/pid", {}, 1)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", "{}", '{"socket": "/a"}', '{"socket": "/a", "key": "k"}', '{"socket": "/a", "pid": 1}',
     '{"socket": "/a", "key": "k", "pid": "x"}', '{"socket": 3, "key": "k", "pid": 1}', '{"key": "k", "pid": 1}',
     "[" * 100_000],
)  # fmt: skip
def test_an_endpoint_that_cannot_be_read_is_none(tmp_path, text):
    path = tmp_path / "a.json"
    assert read_endpoint(path) is None
    path.write_text(text)
    assert read_endpoint(path) is None
    path.write_text('{"socket": "/a/model.sock", "key": "k", "pid": 12}')
    assert read_endpoint(path) == Endpoint(Path("/a/model.sock"), "k", 12, path)


def test_a_server_that_is_not_well_is_started_anew(server, place):
    answers: dict[str, list[Part]] = {"/health": [head(b"{}", status="503 Service Unavailable")]}
    with local_site(place, answers) as came:
        server.announce(socket=str(place), key="secret", pid=os.getpid())
        assert server.pid() != os.getpid()
        assert b"GET /health" in came[0]
        assert b"Authorization: Bearer secret" in came[0]


@pytest.mark.parametrize(
    "answer", [[b"noise\r\n\r\n"], [], [head(b"{", length=9)], [lambda: time.sleep(0.3)]]
)
def test_a_server_that_says_no_clear_word_is_not_well(server, place, monkeypatch, answer):
    monkeypatch.setattr(warm_server, "HEALTH_SECONDS", 0.1)
    with local_site(place, {"/health": answer}):
        server.announce(socket=str(place), key="secret", pid=os.getpid())
        assert warm_server._answering(server.endpoint) is None


# ---- asked


def asked(place: Path, answer: list[Part], timeout: float = 5, tries: int = 1) -> tuple[int, bytes]:
    endpoint = Endpoint(place, "k", 1, Path("run/a.json"))
    with local_site(place, {"/ask": answer}):
        return ask_server(lambda: endpoint, "/ask", {"word": "é"}, timeout=timeout, tries=tries)


def test_status_and_body_are_given_as_they_are(place):
    assert asked(place, [head(b'{"a": 1}', status="429 Too Many")]) == (429, b'{"a": 1}')


def test_a_request_is_json_with_the_key(place):
    with local_site(place, {"/ask": [head(b"")]}) as came:
        post(Endpoint(place, "k", 1, place), "/ask", {"word": "é"}, 5)
    request = b"".join(came).decode()
    assert request.startswith("POST /ask HTTP/1.1\r\n")
    assert "Authorization: Bearer k\r\n" in request
    assert "Content-Type: application/json\r\n" in request


@pytest.mark.parametrize("answer", [[], [head(b"half", length=9)], [b"noise\r\n\r\n"]])
def test_a_server_that_is_lost_again_and_again_is_told(place, answer, monkeypatch):
    pauses = sleeps_of(warm_server, monkeypatch)
    with pytest.raises(TrailerflowError) as caught:
        asked(place, answer, tries=2)
    assert str(caught.value) == "The model server was lost 2 times in a row; its log is run/a.log."
    assert pauses == [warm_server.LOST_SECONDS] * 2


def test_a_server_is_sought_three_times(place):
    starts: list[int] = []

    def start() -> Endpoint:
        starts.append(1)
        return Endpoint(place, "k", 1, Path("run/a.json"))

    with pytest.raises(TrailerflowError, match="lost 3 times"):
        ask_server(start, "/ask", {}, timeout=1)
    assert len(starts) == 3


@pytest.mark.parametrize(
    "answer",
    [
        [lambda: time.sleep(6)],
        [head(b"x", length=9), lambda: time.sleep(6)],
        [head(b"", length=200), *[b"x", lambda: time.sleep(0.03)] * 200],
        [b"HTTP/1.1 200 OK\r\n", *[b"X", lambda: time.sleep(0.03)] * 200],
    ],
    ids=["silent", "half", "byte by byte", "head byte by byte"],
)
def test_an_answer_that_does_not_come_is_not_waited_for(place, answer):
    started = time.monotonic()
    with pytest.raises(
        TrailerflowError, match=r"^The model server gave no answer within 0 s; its log is run/a\.log\.$"
    ):
        asked(place, answer, timeout=0.2)
    assert time.monotonic() - started < 3


def test_an_answer_without_end_is_refused(place, monkeypatch):
    monkeypatch.setattr(
        warm_server, "bounded", lambda blocks, seconds: bounded(blocks, most=1000, seconds=seconds)
    )
    bounded = sys.modules["trailerflow.outside"].bounded
    with pytest.raises(
        TrailerflowError, match=r"answer cannot be used \(it is larger than 1,000 bytes\); its log is run"
    ):
        asked(place, [head(b"x" * 1001)])


# ---- the run that a server belongs to


def test_a_process_is_told_by_its_start():
    child = subprocess.Popen(["sleep", "60"])
    start = process_start(child.pid)
    assert start is not None
    ticks = os.sysconf("SC_CLK_TCK")
    boot = psutil.boot_time()
    assert abs(boot + start / ticks - psutil.Process(child.pid).create_time()) < 1.5
    child.kill()
    assert wait_for(lambda: process_start(child.pid) is None), "a zombie is no process"
    child.wait()
    assert process_start(child.pid) is None


def test_the_run_of_a_job_is_the_run_that_started_it(tmp_path, monkeypatch):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    own = run_identity(tmp_path)
    assert own == f"{os.getpid()}:{process_start(os.getpid())}:{tmp_path}"
    monkeypatch.setenv(RUN_VARIABLE, f"{os.getppid()}:{process_start(os.getppid())}:{tmp_path}")
    assert run_identity(tmp_path).startswith(f"{os.getppid()}:")
    monkeypatch.setenv(RUN_VARIABLE, f"{os.getppid()}:1.0:{tmp_path}")
    assert run_identity(tmp_path) == own
    assert run_identity(Path("/elsewhere")).endswith(":/elsewhere")


def test_a_run_is_over_when_its_process_is_gone(monkeypatch):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    assert not run_is_over()
    monkeypatch.setenv(RUN_VARIABLE, f"{os.getpid()}:{process_start(os.getpid())}:/a:b")
    assert not run_is_over()
    monkeypatch.setenv(RUN_VARIABLE, f"{os.getpid()}:1.0:/a")
    assert run_is_over()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not run_is_over()
