"""Answers that cost network, a GPU or money, kept for good: one file each, named by the request, checked when read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_bytes
from trailerflow.redaction import redact_values
from trailerflow.times import utc_time

_HALVES = "surrogatepass"  # JSON from outside can hold half a surrogate pair


_write_private = partial(write_bytes, private=True)


@dataclass(frozen=True)
class KeptAnswer:
    """An answer as it was kept.

    Attributes:
        answer: The JSON document.
        fetched: When it came, ISO 8601 in UTC.
        path: Its file.
    """

    answer: Any
    fetched: str
    path: Path


class AnswerStore:
    """Answers in a folder, safe with many processes: an entry is written in one step.

    Args:
        folder: Where they lie.
        newer_than: Answers that came before this time (ISO 8601 in UTC) count as none: they are asked for again.
    """

    def __init__(self, folder: Path, newer_than: str | None = None) -> None:
        self.folder = folder
        self._newer_than = newer_than or ""

    def path(self, request: Mapping[str, Any]) -> Path:
        """File of the answer to a request."""
        key = answer_key(request)
        return self.folder / key[3:5] / f"{key}.json"

    def get(self, request: Mapping[str, Any]) -> KeptAnswer | None:
        """The answer kept for a request, or None; see `read`."""
        return self.read(self.path(request))

    def read(self, path: Path) -> KeptAnswer | None:
        """The answer kept in a file, or None; an entry that is damaged counts as none.

        Raises:
            TrailerflowError: The entry cannot be read; asking again may cost money, and the answer could not be kept.
        """
        data = _bytes(path)
        if data is None:
            return None
        try:
            entry = json.loads(data.decode("utf-8", _HALVES))
            if entry["check"] != _hash(entry["answer"]) or entry["fetched"] < self._newer_than:
                return None
            return KeptAnswer(entry["answer"], entry["fetched"], path)
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, request: Mapping[str, Any], answer: Any) -> KeptAnswer:
        """Keep an answer (a JSON document); see `write`."""
        return self.write(self.path(request), request, answer)

    def write(
        self,
        path: Path,
        request: Mapping[str, Any],
        answer: Any,
        write: Callable[[Path, bytes], None] = _write_private,
    ) -> KeptAnswer:
        """Keep an answer beside its request, so that a person can see what it answers.

        Args:
            path: From `path`.
            request: What was asked.
            answer: A JSON document.
            write: Writes a file in one step, for its owner alone.

        Returns:
            The answer as it is kept: without the values of secret variables, which a server may repeat.
        """
        redacted = redact_values([request, answer])  # at once: the environment is looked through each time
        kept = KeptAnswer(redacted[1], utc_time(), path)
        document = {
            "check": _hash(kept.answer),
            "fetched": kept.fetched,
            "request": redacted[0],
            "answer": kept.answer,
        }
        # A line for each part, which is written several times as fast as an indented document.
        lines = [
            f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in document.items()
        ]
        text = "{" + ",\n ".join(lines) + "}\n"
        write(kept.path, text.encode("utf-8", _HALVES))
        return kept


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TrailerflowError(
            f"The kept answer {path} cannot be read ({error.strerror}); delete it, or make it and its folders yours to "
            "read and write, so that nothing is asked again in vain."
        ) from None


def answer_key(request: Mapping[str, Any]) -> str:
    """Name of an answer: a hash of the whole request in canonical JSON.

    The prefix marks the form, so that a changed form cannot meet old entries by accident.
    """
    return "v1-" + _hash(request)


def _hash(document: Any) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", _HALVES)).hexdigest()
