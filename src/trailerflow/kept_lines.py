"""What was worked out at an earlier start, kept as lines of JSON: a name and what is known of it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from trailerflow.files import OWNER_FILE, make_private_folder, write_bytes

_MOST_LINES_A_NAME = 4


class KeptLines:
    """What is known by name; of lines on one name the last counts, and a damaged line counts for nothing.

    Args:
        memory: The file; where it cannot be written, nothing is kept.
    """

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._known: dict[str, Any] | None = None

    def get(self, name: str) -> Any:
        """What is known of a name; None where nothing is."""
        return self._read().get(name)

    def know(self, name: str, value: Any, *, keep: bool = True) -> None:
        """Remember it now, and for the next start.

        Args:
            name: Its name.
            value: What JSON can hold.
            keep: False for now alone.
        """
        self._read()[name] = value
        if keep:
            self._append(json.dumps([name, value]) + "\n")

    def _read(self) -> dict[str, Any]:
        if self._known is None:
            self._known, lines = {}, list[str]()
            with suppress(OSError, UnicodeDecodeError):
                lines = self._memory.read_text(encoding="utf-8").splitlines(keepends=True)
            latest: dict[str, str] = {}
            for line in lines:
                with suppress(ValueError, TypeError):
                    name, value = json.loads(line)
                    self._known[name], latest[name] = value, line
            if len(lines) > _MOST_LINES_A_NAME * len(latest):
                with suppress(OSError):
                    write_bytes(self._memory, "".join(latest.values()).encode(), private=True)
        return self._known

    def _append(self, line: str) -> None:
        """Lines are added in one write each, so that two starts at once do not mix theirs."""
        with suppress(OSError):
            make_private_folder(self._memory.parent)
            kept = os.open(self._memory, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_FILE)
            try:
                os.write(kept, line.encode())
            finally:
                os.close(kept)
