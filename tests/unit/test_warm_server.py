"""Warm servers: found, started once, started again after a crash, gone when idle or when the run is over."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.models.warm_server import (
    RUN_VARIABLE,
    ask_server,
    endpoint_path,
    ensure_server,
    process_start,
    run_identity,
)

SERVER = """
import os, sys
from pathlib import Path
from trailerflow.models.warm_server import serve
assert os.environ["OMP_WAIT_POLICY"] == "passive"
serve(Path(sys.argv[-1]), "secret", {"/pid": lambda body: {"pid": os.getpid(), **body}}, float(sys.argv[1]))
"""


def alive(pid: int) -> bool:
    return process_start(pid) is not None


def wait_until_gone(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not alive(pid)


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    program = tmp_path / "server.py"
    program.write_text(SERVER)

    class Server:
        def __init__(self) -> None:
            self.idle, self.settings, self.run = 20.0, {"model": "a"}, tmp_path / "run"

        def start(self):
            return ensure_server(
                "toy", self.settings, self.run, [sys.executable, str(program), str(self.idle)]
            )

        def pid(self) -> int:
            status, body = ask_server(self.start, "/pid", {"x": 1}, timeout=10)
            assert status == 200
            return int(json.loads(body)["pid"])

    server = Server()
    yield server
    for file in (tmp_path / "run" / "servers").glob("*.json"):
        pid = json.loads(file.read_text())["pid"]
        if alive(pid):
            os.kill(pid, signal.SIGKILL)


def test_many_jobs_find_one_server(server):
    with ThreadPoolExecutor(6) as pool:
        pids = set(pool.map(lambda _: server.pid(), range(12)))
    assert len(pids) == 1


def test_only_the_owner_can_read_the_key(server):
    server.pid()
    mode = endpoint_path("toy", server.settings, server.run).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_crashed_server_is_started_again(server):
    first = server.pid()
    os.kill(first, signal.SIGKILL)
    assert server.pid() != first


def test_another_setting_is_another_server(server):
    first = server.pid()
    server.settings = {"model": "b"}
    assert server.pid() != first


def test_it_leaves_when_idle(server):
    server.idle = 1.0
    pid = server.pid()
    assert wait_until_gone(pid, 6)
    assert not endpoint_path("toy", server.settings, server.run).exists()
    assert server.pid() != pid


def test_it_leaves_when_its_run_is_over(server, monkeypatch, tmp_path):
    main = subprocess.Popen(["sleep", "60"])
    monkeypatch.setenv(RUN_VARIABLE, f"{main.pid}:{process_start(main.pid)}:{tmp_path}")
    pid = server.pid()
    time.sleep(1.5)
    assert alive(pid)
    main.kill()
    main.wait()
    assert wait_until_gone(pid, 5)


def test_a_server_that_does_not_start_is_told_with_its_log(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no such model')"]
    with pytest.raises(TrailerflowError, match=r"code 1 while starting: no such model .*\.log"):
        ensure_server("toy", {}, tmp_path, command)


def test_the_run_of_a_job_is_the_run_that_started_it(tmp_path, monkeypatch):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    own = run_identity(tmp_path)
    assert own == f"{os.getpid()}:{process_start(os.getpid())}:{tmp_path}"
    monkeypatch.setenv(RUN_VARIABLE, f"{os.getppid()}:{process_start(os.getppid())}:{tmp_path}")
    assert run_identity(tmp_path).startswith(f"{os.getppid()}:")
    monkeypatch.setenv(RUN_VARIABLE, f"{os.getppid()}:1.0:{tmp_path}")
    assert run_identity(tmp_path) == own
    assert run_identity(Path("/elsewhere")).endswith(":/elsewhere")
