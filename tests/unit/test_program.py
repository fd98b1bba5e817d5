"""A program ends with its work done or with one sentence, and prints no secret whatever happens."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.program import run

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
