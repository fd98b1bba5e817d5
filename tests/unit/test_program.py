"""A program ends with its work done or with one sentence, and prints no secret whatever happens."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.program import UNREAD, run

KEY = "k/0123456789"


def ended(main) -> int:
    with pytest.raises(SystemExit) as caught:
        run(main)
    return int(caught.value.code)  # type: ignore[arg-type]


def raising(error: Exception):
    def main() -> None:
        raise error

    return main


def test_work_that_is_done_ends_well(capsys):
    assert run(lambda: print("done")) is None
    assert capsys.readouterr().out == "done\n"
    run(lambda: print("no end of a line", end="", file=sys.stderr))
    assert capsys.readouterr().err == "no end of a line"


def test_what_a_user_can_put_right_is_one_sentence(capsys):
    assert ended(raising(TrailerflowError("Set it."))) == 1
    assert capsys.readouterr().err == "Set it.\n"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_sentence(capsys, number):
    assert ended(raising(OSError(number, "full", "a.json"))) == 1
    told = capsys.readouterr().err
    assert told.startswith("No space is left on the disk while writing a.json: free some")
    assert told.count("\n") == 1


def test_a_file_that_cannot_be_used_is_one_sentence(capsys, tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").touch()
    for path, reason in (
        (tmp_path, "Is a directory"),
        (tmp_path / "loop", "Too many levels of symbolic links"),
        (tmp_path / "file" / "table.csv", "Not a directory"),
        (tmp_path / ("n" * 300), "File name too long"),
    ):
        assert ended(path.read_bytes) == 1
        assert capsys.readouterr().err == (
            f"{path} cannot be used ({reason}): see what it is and whose, and run the same command again.\n"
        )


@pytest.mark.parametrize(
    "work",
    [
        "print('line', flush=True)",
        "print('line' * 99999)",
        "print('line')",
        "raise SystemExit(print('line'))",
    ],
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_gone_is_no_fault(work, unbuffered):
    reader, writer = os.pipe()
    os.close(reader)
    program = f"from trailerflow.program import run\ndef main():\n    {work}\nrun(main)\n"
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=writer, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )  # fmt: skip
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode == (0 if "SystemExit" in work and not unbuffered else UNREAD)


def test_a_connection_that_breaks_is_a_fault(capsys):
    assert ended(raising(BrokenPipeError(errno.EPIPE, "told"))) == 1
    assert "BrokenPipeError" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyError("told"), OSError(errno.EACCES, "told")])
def test_a_bug_keeps_its_traceback(capsys, error):
    assert ended(raising(error)) == 1
    told = capsys.readouterr().err
    assert told.startswith("Traceback")
    assert "in raising" in told or "in main" in told
    assert "told" in told


PROGRAM = f"""
import json, sys, threading, warnings
from trailerflow.errors import TrailerflowError
from trailerflow.program import run

def main():
    print("out", {KEY!r})
    print("password=abc", file=sys.stderr, end="")
    warnings.warn("of " + {KEY!r})
    thread = threading.Thread(target=lambda: json.loads({KEY!r} + "!", parse_int=1 / len({{}})))
    thread.start()
    thread.join()
    try:
        raise ValueError("first " + {KEY!r})
    except ValueError:
        raise RuntimeError("then " + {KEY!r}) from TrailerflowError("of " + {KEY!r})

run(main)
"""


def test_nothing_that_is_printed_holds_a_secret():
    done = subprocess.run(
        [sys.executable, "-"],
        input=PROGRAM,
        capture_output=True,
        text=True,
        env={**os.environ, "SOME_KEY": KEY},
    )
    assert done.returncode == 1
    assert KEY not in done.stdout + done.stderr
    assert done.stdout == "out [secret]\n"
    assert "password=[secret]" in done.stderr
    for words in (
        "UserWarning: of [secret]",
        "Exception in thread",
        "TrailerflowError: of [secret]",
        "RuntimeError: then [secret]",
    ):
        assert words in done.stderr
