"""One request, and one answer to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What a client sent.

    Attributes:
        method: HTTP method.
        host: Name of the host, in lower case.
        target: Path and query.
        headers: Headers of the request, names in lower case.
        body: Body of a POST.
    """

    method: str
    host: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path or "/"

    @cached_property
    def query(self) -> dict[str, str]:
        """The target's query; of a name that comes twice, the last value."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def document(self) -> dict[str, Any]:
        """The body, a JSON object; empty where there is none."""
        return dict(json.loads(self.body)) if self.body else {}


@dataclass(frozen=True)
class Asked:
    """What a request is about.

    Attributes:
        route: Which kind of request it is, for example ``watch``; the host's name for hosts beside YouTube's.
        video: Id of the video it is about.
        words: The words of a search; the name of the client that asks for a player.
    """

    route: str
    video: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class Answer:
    """What is sent back.

    Attributes:
        status: HTTP status.
        headers: Headers beside those of the connection.
        body: All bytes.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def page(text: str, status: int = 200) -> Answer:
    """A web page."""
    return Answer(status, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


def document(content: Any, status: int = 200) -> Answer:
    """A JSON document."""
    return Answer(status, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(content).encode())
