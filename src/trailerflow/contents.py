"""Hashes of what files hold, kept from one start to the next, so that contents decide what runs again and not times.

Snakemake looks into an input only where it is newer than the output. A file that is replaced by an older one (``rsync -a``,
``unzip``, ``mv``) is never newer.
"""

from __future__ import annotations

import hashlib
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from trailerflow.files import file_sha256
from trailerflow.kept_lines import KeptLines

SETTLED_SECONDS = 2.0
"""A file that changed so lately may change again within one tick of the file system's clock: its hash is not kept."""


class Contents:
    """Hashes of files by path, size, times and number: one of these changes whenever a file is written or replaced.

    Args:
        memory: File with what is known from earlier starts, a line each; where it cannot be written, nothing is kept.
    """

    def __init__(self, memory: Path) -> None:
        self._known = KeptLines(memory)

    def digest(self, paths: Iterable[Path | str]) -> str:
        """One hash of what all these files hold, in their order; one that is missing or unreadable counts as such.

        Args:
            paths: The files.
        """
        hashes = [self._hash(Path(path)) for path in paths]
        return hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:16]

    def _hash(self, path: Path) -> str:
        try:
            facts = path.stat()
            if not stat.S_ISREG(facts.st_mode):
                return "no file"
            identity = [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino]
            key = str(path.absolute())
            match self._known.get(key):
                case [known, str(sha256)] if known == identity:
                    return sha256
            sha256 = file_sha256(path)
            settled = time.time_ns() - facts.st_ctime_ns > SETTLED_SECONDS * 1e9
            self._known.know(key, [identity, sha256], keep=settled)
            return sha256
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "unreadable"
