"""What was asked, in the order in which it was asked: in memory, and as JSON lines for other processes."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from threading import RLock
from typing import Any


class Journal:
    """The requests for completions so far, for any thread.

    An entry is a dictionary. It is entered when its request arrives; the rest is filled in when that is over. It has all
    fields of the request's body under their own names, and: ``number`` (from 0), ``time`` of arrival and ``answered`` (in
    seconds since the epoch), ``path``, ``key`` (the Authorization header), ``hash`` of the body, ``fault`` (its name),
    ``status``, and ``whole``: whether the answer was written to its last byte to a client that was still there. A client
    that is killed in the moment after that may not have read it; no server can tell.

    Args:
        path: File to write each entry to as well: a line when it arrives, another with the same number when it is over.

    Attributes:
        lock: Held while an answer's last byte is written and noted: whoever has read an answer to its end finds it in
            the journal as whole.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.lock = RLock()
        self._entries: list[dict[str, Any]] = []
        self._file = path.open("a", encoding="utf-8") if path else None

    @property
    def entries(self) -> list[dict[str, Any]]:
        """All requests, the first first."""
        with self.lock:
            return list(self._entries)

    def enter(self, path: str, key: str | None, body: dict[str, Any]) -> dict[str, Any]:
        """Note a request that has arrived."""
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        facts = {
            "time": time.time(),
            "path": path,
            "key": key,
            "hash": hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest(),
            "fault": None,
            "status": None,
            "whole": False,
            "answered": None,
        }
        with self.lock:
            entry = {**body, **facts, "number": len(self._entries)}
            self._entries.append(entry)
            self._write(entry)
        return entry

    def settle(self, entry: dict[str, Any], **facts: Any) -> None:
        """Note how a request ended."""
        with self.lock:
            entry |= {"answered": time.time(), **facts}
            names = ("number", "answered", "fault", "status", "whole")
            self._write({name: entry[name] for name in names})

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            if self._file:
                self._file.close()
                self._file = None

    def _write(self, line: dict[str, Any]) -> None:
        if self._file:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()


def read_journal(path: Path) -> list[dict[str, Any]]:
    """The entries of a journal's file, in order of arrival; also while the service is running, or after it was killed."""
    entries: dict[int, dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):  # the last line may be half written
            part = json.loads(line)
            entries[part["number"]] = {**entries.get(part["number"], {}), **part}
    return [entries[number] for number in sorted(entries)]
