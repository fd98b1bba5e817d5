"""Hosts beside YouTube's: canned answers under path prefixes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from loopback.messages import Answer, Asked, Request, document

CannedAnswer = Callable[[dict[str, str]], tuple[int, dict[str, str], bytes]]


class Apis:
    """What other hosts answer. Each request has the host's name as its route; a path that is not added is a 404."""

    def __init__(self) -> None:
        self._answers: dict[str, dict[str, CannedAnswer]] = {}

    def add(self, host: str, path_prefix: str, answer: CannedAnswer) -> None:
        """Answer the paths of a host that begin with a prefix; the longest prefix counts.

        Args:
            host: Name of the host.
            path_prefix: Begins with ``/``.
            answer: Gets the query of a request, and gives status, headers and body.
        """
        self._answers.setdefault(host, {})[path_prefix] = answer

    def plays(self, host: str) -> bool:
        """Whether a host was added."""
        return host in self._answers

    def understand(self, request: Request) -> Asked:
        """What a request is about."""
        return Asked(route=request.host)

    def answer(self, request: Request) -> Answer:
        """The answer to a request to a host that was added."""
        answers = self._answers[request.host]
        fitting = [prefix for prefix in answers if request.path.startswith(prefix)]
        if not fitting:
            return document({"error": "not found"}, status=404)
        return Answer(*answers[max(fitting, key=len)](dict(request.query)))


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> CannedAnswer:
    """An answer that is the same JSON document whatever the query."""
    all_headers = {"Content-Type": "application/json", **(headers or {})}
    return lambda query: (status, all_headers, json.dumps(content).encode())


def file_answer(content: bytes, content_type: str = "application/octet-stream") -> CannedAnswer:
    """An answer that is the same file whatever the query."""
    return lambda query: (200, {"Content-Type": content_type}, content)
