"""How every script of the workflow ends: with its work done, or with one clear sentence."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable

from trailerflow.errors import TrailerflowError


def run(main: Callable[[], None]) -> None:
    """Call a script's ``main`` and turn what a user can put right into one sentence and exit code 1.

    Args:
        main: The script's work. Faults of our own (bugs) keep their traceback.

    Raises:
        SystemExit: With code 1 after a `TrailerflowError` or a full disk.
    """
    try:
        main()
    except TrailerflowError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        where = f" while writing {error.filename}" if error.filename else ""
        print(
            f"No space is left on the disk{where}: free some and run the same command again; "
            "what was finished is kept.",
            file=sys.stderr,
        )
        raise SystemExit(1) from None
