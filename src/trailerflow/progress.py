"""Progress of a job that runs long, in a file that the logger plugin shows."""

from __future__ import annotations

import os
import time
from pathlib import Path

from trailerflow.files import write_json


class Progress:
    """Count of what one job has done of all, written to ``run/progress/<rule>.<process>.json`` at most every half second.

    The process is in the name because jobs of one rule may run side by side, such as those of two language models.

    Args:
        rule: Name of the rule.
        total: How many units there are.
        unit: What is counted, in the plural: ``movies``, ``questions``, ``batches``.
        folder: Where the files lie.
    """

    def __init__(self, rule: str, total: int, unit: str, folder: Path = Path("run/progress")) -> None:
        self.rule = rule
        self.total = total
        self.unit = unit
        self.done = 0
        self._path = folder / f"{rule}.{os.getpid()}.json"
        self._written = 0.0
        self._write()

    def advance(self, count: int = 1) -> None:
        """Count ``count`` more units as done."""
        self.done += count
        if self.done >= self.total or time.monotonic() - self._written > 0.5:
            self._write()

    def close(self) -> None:
        """Remove the file: the job is over."""
        self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        document = {"rule": self.rule, "done": self.done, "total": self.total, "unit": self.unit}
        write_json(self._path, document, private=True)
        self._written = time.monotonic()
