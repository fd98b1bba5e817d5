"""A language model as the configuration describes it: what makes its answers, and how it is run just now."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.redaction import redact, variables_named

GROQ, OPENAI = "https://api.groq.com", "https://api.openai.com/v1"
GROQ_PATH = "/openai/v1"
KEY_VARIABLES = {"groq": "GROQ_API_KEY", "openai": "OPENAI_API_KEY"}
"""Environment variable with the key of a service, where the configuration names no other."""

_RUNNING = {"slots", "threads", "key_variable", "timeout_seconds", "limits", "prices", "check"}


LONGEST_FIELDS = ("max_completion_tokens", "max_tokens")
"""Names of a request's field for the longest answer: at the services that renamed it, and at all others."""


MOST_THREADS, MOST_PROCESSES = 64, 4
"""Threads of one process that asks; one with more of them sends no more requests a second, for its threads take turns."""


def processes_of(workers: int) -> int:
    """How many processes so many workers are dealt out to."""
    return max(1, min(workers // MOST_THREADS, MOST_PROCESSES))


@dataclass(frozen=True)
class Limits:
    """How much a service lets one account ask; None is no limit."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    requests_per_day: int | None = None
    tokens_per_day: int | None = None


@dataclass(frozen=True)
class Prices:
    """A service's list prices.

    Attributes:
        input: US dollars for a million tokens read.
        output: US dollars for a million tokens written.
        date: Day on which they were read, as 2026-11-23.
    """

    input: float
    output: float
    date: str

    def cost(self, prompt_tokens: float, completion_tokens: float) -> float:
        """US dollars for so many tokens."""
        return (prompt_tokens * self.input + completion_tokens * self.output) / 1e6


@dataclass(frozen=True)
class LanguageModel:
    """One entry of ``models.llm`` in the configuration.

    Attributes:
        name: Our name, used in paths and tables.
        kind: ``embedded`` (llama.cpp's server in a process of ours), ``groq`` or ``openai`` (by their official clients),
            or ``openai_compatible`` (any other server, by OpenAI's client).
        model: Name in the model list for ``embedded``; else the name that the server knows.
        context: Longest prompt and answer together, in tokens.
        temperature: Sampling temperature; None is not sent.
        seed: Seed of the sampling; None is not sent.
        frequency_penalty: How much a token loses for each time it was written already; None is not sent.
        base_url: Address of the server; for ``openai_compatible`` up to and with ``/v1``.
        structured: How it is held to a form: ``schema`` (JSON schema), ``json`` (some JSON) or ``text`` (by the prompt).
        log_probabilities: Whether it tells the log-probabilities of its tokens.
        reasoning_tokens: Tokens that it may think before it answers, beside those of the answer.
        parameters: Further fields of the request, as the server names them; None removes a field. A text may name an
            environment variable as ``${NAME}``: its value is put in when the request is sent.
        top_logprobs: How many alternatives to a token are asked for at most; None for no limit of its own.
        system_role: ``system``, or ``user`` where the model's template knows no system turn: its words begin the first
            user's turn.
        check: Whether the server is asked for the model before the first job.
        reproducible: For ``embedded``: the same answer to the same request, whatever was asked before.
        slots: Requests in flight at a time.
        threads: CPU threads of the embedded server.
        key_variable: Environment variable with the API key, where the server wants one.
        timeout_seconds: How long a hosted server may take for one answer.
        limits: What the service lets one account ask.
        prices: The service's list prices, where they are known.
    """

    name: str
    kind: str
    model: str
    context: int
    temperature: float | None = 0.0
    seed: int | None = 0
    frequency_penalty: float | None = None
    base_url: str | None = None
    structured: str = "schema"
    log_probabilities: bool = True
    reasoning_tokens: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)
    top_logprobs: int | None = None
    system_role: str = "system"
    check: bool = True
    reproducible: bool = False
    slots: int = 1
    threads: int = 1
    key_variable: str | None = None
    timeout_seconds: float = 300.0
    limits: Limits = field(default_factory=Limits)
    prices: Prices | None = None

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> LanguageModel:
        """The model of one entry of the checked configuration."""
        settings = dict(settings)
        settings.setdefault("key_variable", KEY_VARIABLES.get(settings["kind"]))
        settings["limits"] = Limits(**settings.get("limits") or {})
        if settings.get("prices") is not None:
            settings["prices"] = Prices(**settings["prices"])
        return cls(**settings)

    @property
    def answering(self) -> dict[str, Any]:
        """All that can change an answer, by the names of the configuration: what a job depends on."""
        return {name: value for name, value in asdict(self).items() if name not in _RUNNING}

    @property
    def running(self) -> dict[str, Any]:
        """How it is run just now; a change of it is no reason to ask anything again."""
        return {name: value for name, value in asdict(self).items() if name in _RUNNING}

    @property
    def hash(self) -> str:
        """Short hash of all that can change an answer but the name."""
        facts = {name: value for name, value in self.answering.items() if name != "name"}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def server(self) -> str | None:
        """Address of a hosted model's server; None for an embedded one. Groq's client adds its path by itself."""
        address = self.base_url or {"groq": GROQ, "openai": OPENAI}.get(self.kind)
        return address.removesuffix(GROQ_PATH) if address and self.kind == "groq" else address

    @property
    def address(self) -> str:
        """The server's address, for people."""
        return redact(str(self.server), self.secret_variables)

    @property
    def secret_variables(self) -> list[str]:
        """Environment variables whose values are secrets of this model."""
        named = variables_named([self.base_url, self.parameters])
        return [*named, self.key_variable] if self.key_variable else named

    @property
    def account(self) -> str:
        """Name of what a service's limits are counted for: one model at one server."""
        return hashlib.sha256(f"{self.server} {self.model}".encode()).hexdigest()[:16]

    @property
    def longest_field(self) -> str:
        """What a request's field for the longest answer is called."""
        return LONGEST_FIELDS[0] if self.kind in ("groq", "openai") else LONGEST_FIELDS[1]

    @property
    def is_embedded(self) -> bool:
        """Whether it runs in a process of ours."""
        return self.kind == "embedded"

    @property
    def official_client(self) -> str | None:
        """The package by which a hosted model is asked; None for an embedded one."""
        if self.is_embedded:
            return None
        return "groq" if self.kind == "groq" else "openai"

    @property
    def workers(self) -> int:
        """How many requests are worked on here at a time.

        A hosted model's client lets as many through as there are slots; while these are under way, the answers before
        them are kept and counted, and the next requests made ready.
        """
        return self.slots if self.is_embedded else 3 * self.slots

    def key(self) -> str | None:
        """The API key, from the environment, or None where the server wants none.

        Raises:
            TrailerflowError: The variable named in the configuration is not set, or holds what cannot be a key.
        """
        if self.key_variable is None:
            return None
        if key := os.environ.get(self.key_variable):
            if not all("!" <= character <= "~" for character in key):
                raise TrailerflowError(
                    f"The API key of model {self.name} in {self.key_variable} has a blank, a line's end or some other "
                    "character that no key has; set it again."
                )
            return key
        raise TrailerflowError(
            f"Model {self.name} needs an API key: set the environment variable {self.key_variable}, "
            "or remove the model from models.llm."
        )
