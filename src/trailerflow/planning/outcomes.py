"""What an outcome that is there already says of the job after it: whether there is anything to ask or to hear."""

from __future__ import annotations

import json
from pathlib import Path

from trailerflow.trailers.translating.translate_transcript import foreign_language


def status_of(path: str) -> str:
    """Status of an outcome document.

    Raises:
        FileNotFoundError: It is not there yet; Snakemake takes it as "ask again once it is".
    """
    status: str = json.loads(Path(path).read_text(encoding="utf-8"))["status"]
    return status


def is_ok(path: str) -> bool:
    """Whether an outcome is ok; assumed while it is not there, since threads, unlike resources, may not be unknown.

    Snakemake asks again when the job is ready to run.
    """
    return not Path(path).exists() or status_of(path) == "ok"


def needs_translation(path: str, language: str) -> bool:
    """Whether an outcome of ``transcribe_trailer`` holds a transcript in another language.

    Args:
        path: The outcome document.
        language: Code of the language that is wanted.

    Raises:
        FileNotFoundError: It is not there yet.
    """
    outcome = json.loads(Path(path).read_text(encoding="utf-8"))
    return outcome["status"] == "ok" and foreign_language(outcome["data"], language) is not None
