"""Programs in forks of a warm interpreter: real processes, and requests that are none."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.servers.job_server import receive

ROOT = Path(__file__).parents[3]
SERVER = """
import argparse
import sys
from pathlib import Path
from trailerflow.servers import job_server

job_server.IDLE_SECONDS = 3.0
parser = argparse.ArgumentParser()
parser.add_argument("--place", type=Path)
job_server.serve(parser.parse_args().place, {"program": Path(__file__).parent / "program.py"})
"""
PROGRAM = """
import json
import os
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "tell":
        print(json.dumps({"parent": os.getppid(), "folder": os.getcwd(), "rest": rest, "variable": os.environ.get("MINE"),
                          "lines": sys.stdin.read(), "known": hasattr(os, "mark")}))
        print("aside", file=sys.stderr)
        os.mark = True
    elif what == "end":
        sys.exit(int(rest[0]))
    elif what == "fail":
        raise ValueError("broken")
    elif what == "wait":
        Path(rest[0]).write_text(str(os.getpid()))
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            Path(rest[0]).write_text("interrupted")
            raise
    elif what == "die":
        if not Path(rest[0]).exists():
            Path(rest[0]).write_text("")
            os.kill(os.getppid(), 9)
            sys.exit()
        print("done")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(ROOT / "scripts/served.py", scripts)
    (scripts / "serve_jobs.py").write_text(SERVER)
    (scripts / "program.py").write_text(PROGRAM)
    return tmp_path


@pytest.fixture
def private(folder: Path) -> Iterator[Path]:
    """The folder of the sockets; their path may have 107 bytes."""
    place = Path(f"/tmp/trailerflow-test-{os.getpid()}-{time.monotonic_ns()}")
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def call(folder: Path, private: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts the program with these arguments, as a rule does."""

    def start(*arguments: str, program: str = "program", **variables: str) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "TRAILERFLOW_JOBS": str(private / "run")}
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "scripts/served.py", program, *arguments],
            cwd=folder, env=environment | variables, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    return start


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


@pytest.fixture
def warm(call: Callable[..., subprocess.Popen[str]], private: Path) -> None:
    """A server that answers."""
    assert call("end", "0").wait(20) == 0
    until(lambda: any(private.glob("*.sock")))


def test_a_program_has_its_own_arguments_folder_environment_and_streams(call, warm, folder):
    text = "a 'b' ü\n-c"
    for _ in range(2):  # the second sees nothing of the first
        out, err = call("tell", text, "", MINE="yes\nand no").communicate("line\n", timeout=20)
        told = json.loads(out)
        assert told["parent"] != os.getpid()
        assert (told["folder"], told["rest"], told["variable"]) == (str(folder), [text, ""], "yes\nand no")
        assert (told["lines"], told["known"], err) == ("line\n", False, "aside\n")


@pytest.mark.parametrize(("arguments", "code"), [(("end", "0"), 0), (("end", "7"), 7), (("fail",), 1)])
def test_it_ends_as_it_would_by_itself(call, warm, arguments, code):
    served = call(*arguments)
    alone = call(*arguments, TRAILERFLOW_JOBS="")
    said, told = served.communicate(timeout=20)[1], alone.communicate(timeout=20)[1]
    assert served.returncode == alone.returncode == code
    assert ("ValueError: broken" in said) == ("ValueError: broken" in told) == (arguments == ("fail",))


def test_who_goes_away_takes_the_program_along(call, warm, folder):
    waiting = call("wait", str(folder / "mark"))
    until((folder / "mark").exists)
    waiting.send_signal(signal.SIGINT)
    waiting.communicate(timeout=20)
    assert waiting.returncode == -signal.SIGINT
    until(lambda: (folder / "mark").read_text() == "interrupted")


def test_a_program_whose_server_dies_is_run_once_more(call, warm, folder):
    out, _ = call("die", str(folder / "mark")).communicate(timeout=20)
    assert out == "done\n"


def test_a_program_whose_server_leaves_before_it_has_read_runs_by_itself(call, private):
    place = private / f"run-{crc32(os.fsencode(sys.executable)):x}.sock"
    private.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(place))
        server.listen()
        asking = call("end", "6")
        connection, _ = server.accept()
        connection.recv(1)  # and leaves the rest, so that the other side hears of a reset
        connection.close()
        place.unlink()
    assert asking.wait(20) == 6


def test_a_program_that_is_not_served_runs_by_itself_and_leaves_no_stream_open(call, warm, private, folder):
    (folder / "scripts/other.py").write_text("raise SystemExit(8)")
    place = str(next(private.glob("*.sock")))
    (server,) = (one for one in psutil.process_iter(["cmdline"]) if place in (one.info["cmdline"] or []))
    before = server.num_fds()
    assert call(program="other").wait(20) == 8
    until(lambda: server.num_fds() == before)


def test_without_a_variable_or_a_private_folder_nothing_is_served(call, private, tmp_path):
    assert call("end", "3", TRAILERFLOW_JOBS="").wait(20) == 3
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    assert call("end", "4", TRAILERFLOW_JOBS=str(open_folder / "run")).wait(20) == 4
    assert not list(open_folder.iterdir()) and not private.exists()


def test_a_server_leaves_when_nobody_asks(call, warm, private):
    until(lambda: not any(private.iterdir()))  # nor does it leave a file
    assert call("end", "5").wait(20) == 5


def test_ten_at_once_start_one_server(call, private):
    started = [call("end", str(number)) for number in range(10)]
    assert [one.wait(30) for one in started] == list(range(10))
    until(lambda: any(private.glob("*.sock")))
    assert len(list(private.glob("*.sock"))) == 1
    assert (private / "run").with_name(next(private.glob("*.log")).name).read_text() == ""


@given(st.binary(max_size=64), st.integers(0, 4))
def test_what_is_no_request_is_refused_and_leaves_no_stream_open(body, streams):
    ours, theirs = socket.socketpair()
    before = open_files()
    with ours, theirs:
        ours.settimeout(0.5)
        socket.send_fds(theirs, [len(body).to_bytes(8, "big")], [0] * streams)
        theirs.sendall(body)
        theirs.shutdown(socket.SHUT_WR)
        with suppress(OSError, ValueError):
            job = receive(ours)
            assert streams == 3
            for stream in job.streams:
                os.close(stream)
        assert open_files() == before
