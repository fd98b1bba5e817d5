"""Run a movie's program in an interpreter that is warm already, or in one of its own where there is none.

    python -I -S scripts/served.py PROGRAM [argument …]

A run starts such programs ten thousand times, and most of what each costs is the start of Python and its imports. This one
imports next to nothing: it hands its arguments, environment, folder and streams to the server whose socket begins as the
variable TRAILERFLOW_JOBS says, and ends as the program ended. Where nobody answers it starts a server for those that come
after, and becomes the program itself; without the variable it does only that. See `trailerflow.servers.job_server`.
"""

from __future__ import annotations

import os
import sys
from binascii import crc32

PLACE_VARIABLE = "TRAILERFLOW_JOBS"
HERE = os.path.dirname(os.path.abspath(__file__))


def main() -> None:
    """Ask the server, or run the program here."""
    program, *arguments = sys.argv[1:]
    beginning = os.environ.get(PLACE_VARIABLE)
    if beginning and is_private(os.path.dirname(beginning)):
        place = f"{beginning}-{crc32(os.fsencode(sys.executable)):x}.sock"
        code = ask(place, program, arguments)
        if code is not None:
            os._exit(code)
        start(place)
    os.execv(sys.executable, [sys.executable, os.path.join(HERE, f"{program}.py"), *arguments])  # noqa: S606


def is_private(folder: str) -> bool:
    """Whether a folder is this user's, and lets in nobody else; it is made where it is missing."""
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = os.lstat(folder)
    return found.st_uid == os.geteuid() and found.st_mode == 0o40700  # a folder, and no link to one


def ask(place: str, program: str, arguments: list[str]) -> int | None:
    """Let the server run a program; its exit code, or None where no server answers.

    Args:
        place: Path of the server's socket.
        program: Name of the program.
        arguments: Its arguments.
    """
    import _signal
    import _socket  # the module socket would cost as much as all else here

    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # the server ends the program when this process is gone
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    environment = [b"%b=%b" % pair for pair in os.environb.items()]
    fields = [
        program.encode(),
        os.getcwdb(),
        b"%d" % len(arguments),
        *map(os.fsencode, arguments),
        *environment,
    ]
    body = b"\0".join(fields)
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    try:
        connection.connect(place)
        connection.sendmsg(
            [len(body).to_bytes(8, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)]
        )
        connection.sendall(body)
        answer = connection.recv(1)
    except OSError:  # none is there, or it left before it had read or answered
        return None
    return answer[0] if answer else None


def start(place: str) -> None:
    """Start a server for the programs that come after, unless there is one that lives or another program is starting it."""
    import fcntl

    lock = os.open(f"{place}.lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    # The server inherits the lock: it is free again when the server is gone, however it went.
    os.set_inheritable(lock, True)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    log = os.open(f"{place}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.posix_spawn(
        sys.executable,
        [sys.executable, os.path.join(HERE, "serve_jobs.py"), "--place", place],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, nowhere, 0), (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2),
        ],
        setsid=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
