"""The answers of a visit that is under way: a run that is killed goes on with them instead of asking again."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trailerflow.answers import answer_key
from trailerflow.files import write_bytes

LIFETIME_SECONDS = 3600.0
"""Addresses in such answers are signed for some hours; an older visit begins anew."""


@dataclass(frozen=True)
class Exchange:
    """One answer of a site.

    Attributes:
        url: The address that answered.
        status: HTTP status.
        headers: The answer's headers.
        body: All bytes of the answer.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Visit:
    """What a site has answered so far during one visit.

    Args:
        folder: Folder of this visit alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, request: Mapping[str, Any]) -> Exchange | None:
        """The answer to a request of this visit, where it came less than an hour ago and is undamaged."""
        path = self._path(request)
        try:
            if time.time() - path.stat().st_mtime > LIFETIME_SECONDS:
                return None
            head, _, body = path.read_bytes().partition(b"\n")
            about = json.loads(head)
            if about.pop("check") != hashlib.sha256(body).hexdigest():
                return None
            return Exchange(**about, body=body)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def put(self, request: Mapping[str, Any], exchange: Exchange) -> None:
        """Keep a good answer."""
        about = asdict(exchange) | {"check": hashlib.sha256(exchange.body).hexdigest()}
        del about["body"]
        write_bytes(self._path(request), json.dumps(about).encode() + b"\n" + exchange.body)

    def settle(self) -> None:
        """Forget the visit: what it was for is kept elsewhere, or its answers were of no use."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, request: Mapping[str, Any]) -> Path:
        return self.folder / f"{answer_key(request)}.http"
