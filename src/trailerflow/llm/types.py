"""What goes over the seam: the model's settings, the request, the answer, and the ways of getting none."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from trailerflow.errors import RefusedError, TrailerflowError


@dataclass(frozen=True)
class LanguageModel:
    """One entry of ``models.llm`` in the configuration.

    Attributes:
        name: Our name, used in paths and tables.
        kind: ``embedded`` (llama.cpp's server in a process of ours) or ``openai_compatible`` (any other server).
        model: Name in the model list for ``embedded``; else the name that the server knows.
        context: Context length of one slot, in tokens.
        slots: Requests in flight at a time.
        threads: CPU threads of the embedded server.
        temperature: Sampling temperature.
        seed: Seed of the sampling.
        frequency_penalty: How much a token loses for each time it was written already (OpenAI's parameter).
        base_url: Address of the server, up to and with ``/v1``; for ``openai_compatible``.
        key_variable: Environment variable with the API key, where the server wants one.
    """

    name: str
    kind: str
    model: str
    context: int
    slots: int
    threads: int
    temperature: float
    seed: int
    frequency_penalty: float
    base_url: str | None = None
    key_variable: str | None = None

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> LanguageModel:
        """Make it of one entry of the (validated) configuration."""
        return cls(**settings)

    @classmethod
    def from_json(cls, text: str) -> LanguageModel:
        """Make it of the JSON text that a rule hands to its script."""
        return cls.from_settings(json.loads(text))

    @property
    def hash(self) -> str:
        """Short hash of all that can change an answer: not the name, nor threads and slots."""
        facts = asdict(self)
        for without in ("name", "threads", "slots", "context", "key_variable"):
            del facts[without]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Request:
    """One chat completion to ask for.

    Attributes:
        messages: ``{"role", "content"}`` each, in order.
        max_tokens: Longest answer, in tokens.
        schema: JSON schema that the answer must keep to, enforced by the server where it can.
        top_logprobs: How many alternatives to give for each token generated (0: none; 20 at most).
    """

    messages: list[dict[str, str]]
    max_tokens: int
    schema: dict[str, Any] | None = None
    top_logprobs: int = 0


@dataclass(frozen=True)
class Answer:
    """A whole answer.

    Attributes:
        text: The content.
        finish_reason: ``stop``, or ``length`` where ``max_tokens`` cut it.
        prompt_tokens: Tokens read, by the server's count.
        completion_tokens: Tokens written.
        seconds: Wall-clock seconds of the request when it was really asked.
        cached: True when it came from our cache and cost nothing now.
        top_logprobs: For each token generated, alternative to natural log-probability.
    """

    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cached: bool
    top_logprobs: list[dict[str, float]]

    @property
    def usage(self) -> dict[str, Any]:
        """What it cost, for an outcome's ``source``."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "seconds": self.seconds,
            "cached": self.cached,
        }


class Asks(Protocol):
    """What a stage needs of `trailerflow.llm.Client`."""

    @property
    def model(self) -> LanguageModel:
        """The model that is asked."""

    def ask(self, request: Request) -> Answer:
        """Answer one request, or raise LaterError or RefusedError."""


def usage_of(answers: Iterable[Answer]) -> dict[str, float]:
    """Sum what answers cost: requests, how many of them cached, tokens in and out, seconds."""
    return sum_usage(answer.usage for answer in answers)


def sum_usage(usages: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Sum the usage of answers, as `Answer.usage` gives it and outcomes keep it."""
    usages = list(usages)
    return {
        "requests": len(usages),
        "cached": sum(bool(usage["cached"]) for usage in usages),
        "prompt_tokens": sum(usage["prompt_tokens"] for usage in usages),
        "completion_tokens": sum(usage["completion_tokens"] for usage in usages),
        "seconds": round(sum(usage["seconds"] for usage in usages), 3),
    }


def parse_completion(document: Any, seconds: float) -> Answer:
    """Read a chat completion in OpenAI's form.

    Raises:
        RefusedError: The document has no usable choice.
    """
    try:
        choice = document["choices"][0]
        usage = document.get("usage") or {}
        logprobs = (choice.get("logprobs") or {}).get("content") or []
        return Answer(
            text=choice["message"].get("content") or "",
            finish_reason=choice.get("finish_reason") or "stop",
            prompt_tokens=int(usage.get("prompt_tokens", 0)),
            completion_tokens=int(usage.get("completion_tokens", 0)),
            seconds=round(seconds, 3),
            cached=False,
            top_logprobs=[
                {entry["token"]: float(entry["logprob"]) for entry in reversed(token["top_logprobs"])}
                for token in logprobs
            ],
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise RefusedError(f"the server's answer is no chat completion ({type(error).__name__})") from None


def key_of(model: LanguageModel) -> str | None:
    """The API key of a hosted model, from the environment.

    Raises:
        TrailerflowError: The variable named in the configuration is not set.
    """
    if model.key_variable is None:
        return None
    key = os.environ.get(model.key_variable)
    if not key:
        raise TrailerflowError(
            f"Model {model.name} needs an API key: set the environment variable {model.key_variable}, "
            "or remove the model from models.llm."
        )
    return key
