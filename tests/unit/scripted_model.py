"""A language model that gives prepared answers, one after another."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.types import Answer, Request


class ScriptedModel:
    """Stands for `trailerflow.llm.client.Client`, with one request in flight at a time, so that the order is known.

    Attributes:
        asked: The requests so far.
    """

    def __init__(
        self, *answers: str | Answer | LaterError | RefusedError, log_probabilities: bool = True
    ) -> None:
        self.model: Any = SimpleNamespace(
            name="scripted",
            slots=1,
            log_probabilities=log_probabilities,
            hash="0123456789abcdef",
            answering={"name": "scripted", "kind": "embedded", "model": "scripted", "context": 512},
        )
        self._answers = list(answers)
        self.asked: list[Request] = []

    def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return said(answer) if isinstance(answer, str) else answer


def said(text: str, finish_reason: str = "stop", **more: Any) -> Answer:
    """An answer of 200 tokens read and 20 written in 1.5 s."""
    return Answer(text, finish_reason, 200, 20, 1.5, False, [], **more)
