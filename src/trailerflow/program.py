"""How every script of the workflow ends: with its work done, or with one clear sentence; and nothing it says is secret."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

from trailerflow.errors import TrailerflowError
from trailerflow.redaction import RedactedStream


def run(main: Callable[[], None]) -> None:
    """Call a script's ``main`` and turn what a user can put right into one sentence and exit code 1.

    All that is printed meanwhile, warnings and tracebacks too, goes through `RedactedStream`.

    Args:
        main: The script's work. Faults of our own (bugs) keep their traceback.

    Raises:
        SystemExit: With code 1 after any fault.
    """
    out, err = RedactedStream(sys.stdout), RedactedStream(sys.stderr)
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except Exception as error:
            _tell(error)
            raise SystemExit(1) from None
        finally:
            out.flush()
            err.flush()


def _tell(error: Exception) -> None:
    """Print what went wrong: in one sentence where a user can put it right."""
    if isinstance(error, TrailerflowError):
        print(error, file=sys.stderr)
    elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" while writing {error.filename}" if error.filename else ""
        print(
            f"No space is left on the disk{where}: free some and run the same command again; "
            "what was finished is kept.",
            file=sys.stderr,
        )
    else:
        traceback.print_exception(error)
