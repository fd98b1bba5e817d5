"""How every script of the workflow ends: with its work done, or with one clear sentence; and nothing it says is secret."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress

from trailerflow.errors import TrailerflowError
from trailerflow.redaction import RedactedStream

UNREAD = 141
"""Exit code of a program whose reader has gone, as a shell gives it for SIGPIPE."""


class _Output(RedactedStream):
    """A stream that notices when its reader has gone, and from then on writes to nowhere."""

    unread = False

    def write(self, text: str) -> int:
        with self._noticed():
            return super().write(text)

    def flush(self) -> None:
        with self._noticed():
            super().flush()

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            self.unread = True
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            raise


def run(main: Callable[[], None]) -> None:
    """Call a script's ``main`` and turn what a user can put right into one sentence and exit code 1.

    All that is printed meanwhile, warnings and tracebacks too, goes through `RedactedStream`.

    Args:
        main: The script's work. Faults of our own (bugs) keep their traceback.

    Raises:
        SystemExit: With code 1 after any fault, and with `UNREAD` where nobody reads the output any more (``| head``).
    """
    out, err = _Output(sys.stdout), _Output(sys.stderr)
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            out.flush()
        except Exception as error:
            if isinstance(error, BrokenPipeError) and out.unread:
                raise SystemExit(UNREAD) from None
            _tell(error)
            raise SystemExit(1) from None
        finally:
            for stream in (out, err):
                with suppress(BrokenPipeError):
                    stream.flush()


def told(error: Exception) -> str | None:
    """What went wrong, in one sentence where a user can put it right; None for a fault of our own.

    >>> told(PermissionError(13, "Permission denied", "mine/movies.csv"))
    'mine/movies.csv cannot be used (Permission denied): see what it is and whose, and run the same command again.'
    """
    if isinstance(error, TrailerflowError):
        return str(error)
    if not isinstance(error, OSError):
        return None
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" while writing {error.filename}" if error.filename else ""
        return (
            f"No space is left on the disk{where}: free some and run the same command again; "
            "what was finished is kept."
        )
    if error.filename is None:
        return None
    return f"{error.filename} cannot be used ({error.strerror}): see what it is and whose, and run the same command again."


def _tell(error: Exception) -> None:
    """Print what went wrong."""
    if sentence := told(error):
        print(sentence, file=sys.stderr)
    else:
        traceback.print_exception(error)
