"""The logs of jobs that said nothing, of which Snakemake makes an empty file for each."""

from __future__ import annotations

import stat
from pathlib import Path


def remove_empty_logs(folder: Path) -> None:
    """Remove the logs without a word: a run of thousands of movies leaves six for each.

    Args:
        folder: Where all logs lie. No job may be running: its log can be empty until it fails.
    """
    for log in folder.rglob("*.log"):
        found = log.lstat()
        if stat.S_ISREG(found.st_mode) and found.st_size == 0:
            log.unlink()
