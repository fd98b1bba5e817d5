"""The answers of an unfinished visit: after a kill the next run goes on with them instead of asking again."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trailerflow.answers import answer_key
from trailerflow.errors import TrailerflowError
from trailerflow.files import write_bytes

LIFETIME_SECONDS = 3600.0
"""Addresses in such answers are signed for some hours; an older visit begins anew."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_NEEDED = ("Content-Type", "Location", "Retry-After")
_KEPT = ("Content-Type",)


@dataclass(frozen=True)
class Exchange:
    """One answer of a site.

    Attributes:
        url: The address that answered.
        status: HTTP status.
        headers: Those of the answer's headers that somebody looks at (`needed_headers`).
        body: All bytes of the answer, unpacked.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def needed_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that are looked at. Cookies are not among them, nor is what describes packed bytes."""
    return _chosen(headers, _NEEDED)


def _chosen(headers: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    given = {name.lower(): value for name, value in headers.items()}
    return {name: given[name.lower()] for name in names if name.lower() in given}


class Visit:
    """What a site has answered so far during one visit.

    Args:
        root: Folder of all visits.
        name: Name of this one, which has a folder of its own there.

    Raises:
        ValueError: The name has other characters than letters, digits, ``-`` and ``_``.
    """

    def __init__(self, root: Path, name: str) -> None:
        if _NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} cannot be the name of a visit")
        self._root = root
        self.folder = root / name

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
        except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, request: Mapping[str, Any], exchange: Exchange) -> None:
        """Keep a good answer, for the owner alone and without headers that may be secret."""
        about = asdict(exchange) | {
            "headers": _chosen(exchange.headers, _KEPT),
            "check": hashlib.sha256(exchange.body).hexdigest(),
        }
        del about["body"]
        write_bytes(self._path(request), json.dumps(about).encode() + b"\n" + exchange.body, private=True)

    def settle(self) -> None:
        """Forget the visit: what it was for is kept elsewhere, or its answers were of no use.

        Raises:
            TrailerflowError: The folder is a link to another place; nothing is removed.
        """
        if self.folder.resolve() != self._root.resolve() / self.folder.name:
            raise TrailerflowError(
                f"{self.folder} leads out of {self._root}, so nothing is removed there; delete this link."
            )
        import shutil  # most movies need no visit, and lean programs do without

        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, request: Mapping[str, Any]) -> Path:
        return self.folder / f"{answer_key(request)}.http"
