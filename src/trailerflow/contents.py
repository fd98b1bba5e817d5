"""Hashes of what files hold, kept from one start to the next, so that contents decide what runs again and not times.

Snakemake looks into an input only where it is newer than the output. A file that is replaced by an older one (``rsync -a``,
``unzip``, ``mv``) is never newer.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from trailerflow.files import OWNER_FILE, file_sha256, make_private_folder, write_bytes

SETTLED_SECONDS = 2.0
"""A file that changed so lately may change again within one tick of the file system's clock: its hash is not kept."""

_MOST_LINES_A_FILE = 4


class Contents:
    """Hashes of files by path, size, times and number: one of these changes whenever a file is written or replaced.

    Args:
        memory: File with what is known from earlier starts, a line each; where it cannot be written, nothing is kept.
    """

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._known: dict[str, tuple[list[int], str]] | None = None

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
            known = self._read()
            if key in known and known[key][0] == identity:
                return known[key][1]
            known[key] = identity, file_sha256(path)
            if time.time_ns() - facts.st_ctime_ns > SETTLED_SECONDS * 1e9:
                self._keep(key, *known[key])
            return known[key][1]
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "unreadable"

    def _read(self) -> dict[str, tuple[list[int], str]]:
        """What is known; of lines on one file the last counts, and a damaged line counts for nothing."""
        if self._known is None:
            self._known, lines = {}, list[str]()
            with suppress(OSError, UnicodeDecodeError):
                lines = self._memory.read_text(encoding="utf-8").splitlines(keepends=True)
            latest: dict[str, str] = {}
            for line in lines:
                with suppress(ValueError, TypeError):
                    path, identity, sha256 = json.loads(line)
                    self._known[path], latest[path] = (identity, sha256), line
            if len(lines) > _MOST_LINES_A_FILE * len(latest):
                with suppress(OSError):
                    write_bytes(self._memory, "".join(latest.values()).encode(), private=True)
        return self._known

    def _keep(self, path: str, identity: list[int], sha256: str) -> None:
        """Add a line. Lines are added in one write each, so that two starts at once do not mix theirs."""
        line = json.dumps([path, identity, sha256]) + "\n"
        with suppress(OSError):
            make_private_folder(self._memory.parent)
            kept = os.open(self._memory, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_FILE)
            try:
                os.write(kept, line.encode())
            finally:
                os.close(kept)
