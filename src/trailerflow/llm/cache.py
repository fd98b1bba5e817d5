"""Answers that were paid for, kept for good: one file each, named by the request and checked when read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from trailerflow.files import write_json
from trailerflow.llm.types import Answer


def answer_key(server: str, body: dict[str, Any]) -> str:
    """Name of an answer: a hash of the server's identity and the whole request, in canonical JSON.

    The prefix marks the form, so that a changed form cannot meet old entries by accident.
    """
    canonical = json.dumps(
        {"server": server, "body": body}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return "v1-" + hashlib.sha256(canonical.encode()).hexdigest()


class AnswerCache:
    """Answers in a folder, safe with many processes: an entry is written once, in one step.

    Args:
        folder: Where they lie, by model.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, model: str, key: str) -> Path:
        return self._folder / model / key[3:5] / f"{key}.json"

    def get(self, model: str, key: str) -> Answer | None:
        """The answer kept under a key, or None; an entry that is damaged counts as none."""
        try:
            entry = json.loads(self._path(model, key).read_text(encoding="utf-8"))
            if entry["check"] != _check(entry["answer"]):
                return None
            return replace(Answer(**entry["answer"]), cached=True)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def put(self, model: str, key: str, answer: Answer) -> None:
        """Keep an answer."""
        document = asdict(answer)
        write_json(self._path(model, key), {"check": _check(document), "answer": document})


def _check(answer: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(answer, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
