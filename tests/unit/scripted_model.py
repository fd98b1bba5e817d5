"""Language models that give prepared answers, one after another or by the question."""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from trailerflow.errors import LaterError, RefusedError
from trailerflow.genre_names import GENRES
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
            workers=1,
            log_probabilities=log_probabilities,
            hash="0123456789abcdef",
            context=4096,
            answering={"name": "scripted", "kind": "embedded", "model": "scripted", "context": 512},
        )
        self._answers = list(answers)
        self.asked: list[Request] = []

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return said(answer) if isinstance(answer, str) else answer


def said(text: str, finish_reason: str = "stop", **more: Any) -> Answer:
    """An answer of 200 tokens read and 20 written in 1.5 s."""
    return Answer(text, finish_reason, 200, 20, 1.5, False, [], **more)


class HashingModel(ScriptedModel):
    """A model whose answer follows from the question alone: a genre, or how likely a yes is, by the question's hash."""

    def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        number = zlib.crc32(json.dumps(request.messages).encode())
        if not request.top_logprobs:
            return said(json.dumps({"genres": [GENRES[number % len(GENRES)]]}))
        yes = (number % 998 + 1) / 1000
        return replace(said("Yes"), top_logprobs=[{"Yes": math.log(yes), "No": math.log(1 - yes)}])
