"""Everything that can go wrong with an answer, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from time import time
from typing import Any

from loopback_llm.messages import error

TOO_LARGE = (
    "Request too large for model `m` in organization `o` service tier `on_demand` on tokens per minute (TPM): Limit 8000, "
    "Requested 9100, please reduce your message size and try again."
)
DAY_SPENT = (
    "Rate limit reached for model `m` in organization `o` on tokens per day (TPD): Limit 200000, Used 199990, "
    "Requested 300. Please try again in 7m12.3s."
)


@dataclass(frozen=True)
class Fault:
    """What is answered instead of a completion.

    Attributes:
        status: HTTP status.
        body: The answer's bytes; None where the completion is changed instead.
        headers: Headers beside the usual ones.
        change: Changes the document of the completion.
        behaviour: ``answer``, ``hang`` (until the client leaves), ``reset`` (the connection, before any answer) or ``cut``
            (the connection, in the middle of the body).
        delay: Seconds before the answer, beside the service's own.
    """

    status: int = 200
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    change: Callable[[dict[str, Any]], None] | None = None
    behaviour: str = "answer"
    delay: float = 0.0


def retry_after(value: str, message: str = "Too many requests") -> Fault:
    """A 429 that names a wait: seconds, or a date."""
    return Fault(429, error(message, "rate_limit_exceeded", "requests"), {"Retry-After": value})


def late(seconds: float) -> Fault:
    """A good answer that is late."""
    return Fault(delay=seconds)


def in_date(seconds: float) -> str:
    """A time to come, as Retry-After writes a date."""
    return formatdate(time() + seconds, usegmt=True)


def _message(**parts: Any) -> Callable[[dict[str, Any]], None]:
    return lambda answer: answer["choices"][0]["message"].update(parts)


def _choice(**parts: Any) -> Callable[[dict[str, Any]], None]:
    return lambda answer: answer["choices"][0].update(parts)


_HTML = {"Content-Type": "text/html; charset=utf-8"}

FAULTS: dict[str, Fault] = {
    "429": Fault(429, error("Too many requests", "rate_limit_exceeded", "requests")),
    "429 by its words": Fault(429, error("Slow down. Please try again in 1.2s.", "rate_limit_exceeded", "tokens")),
    "day spent": Fault(429, error(DAY_SPENT, "rate_limit_exceeded", "tokens"), {"Retry-After": "432"}),
    "day spent, by its words": Fault(429, error(DAY_SPENT, "rate_limit_exceeded", "tokens")),
    "no credit": Fault(429, error("You exceeded your current quota", "insufficient_quota", "insufficient_quota")),
    "no balance": Fault(402, error("Insufficient Balance", "invalid_request_error", "unknown_error")),
    "500": Fault(500, error("The server had an error", "server_error", "server_error")),
    "502": Fault(502, b"<html>Bad gateway</html>", _HTML),
    "503": Fault(503, error("Overloaded", "server_error", "server_error")),
    "503 with a wait": Fault(503, error("Overloaded", "server_error", "server_error"), {"Retry-After": "1"}),
    "529": Fault(529, error("Overloaded", "overloaded_error", "overloaded_error")),
    "hang": Fault(behaviour="hang"),
    "reset": Fault(behaviour="reset"),
    "cut": Fault(behaviour="cut"),
    "half a document": Fault(body=b'{"id": "chatcmpl-1", "choices": [{"mess'),
    "web page": Fault(body=b"<html><body>Please wait while we check your browser</body></html>", headers=_HTML),
    "empty body": Fault(body=b""),
    "other JSON": Fault(body=b'{"status": "fine"}'),
    "error with 200": Fault(body=error("Upstream failed", "upstream_error")),
    "limit with 200": Fault(body=error("Too many requests", "rate_limit_exceeded")),
    "refusal": Fault(change=_message(content=None, refusal="I cannot help with that.")),
    "content filter": Fault(change=_choice(finish_reason="content_filter")),
    "empty content": Fault(change=_message(content="")),
    "null content": Fault(change=_message(content=None)),
    "cut by length": Fault(change=_choice(finish_reason="length")),
    "no usage": Fault(change=lambda answer: answer.pop("usage")),
    "no choices": Fault(change=lambda answer: answer.update(choices=[])),
    "context too long": Fault(400, error("Maximum context length is 8192 tokens", "context_length_exceeded")),
    "no schema": Fault(400, error("response_format json_schema is not supported", "invalid_request_error")),
    "schema failed": Fault(400, error("Failed to generate JSON", "json_validate_failed", failed_generation='{"genres": [')),
    "wrong key": Fault(401, error("Incorrect API key provided", "invalid_api_key")),
    "no permission": Fault(403, error("Not allowed", "permission_denied")),
    "no model": Fault(404, error("The model `m` does not exist", "model_not_found")),
    "retired model": Fault(400, error("The model `m` has been decommissioned", "model_decommissioned")),
    "too large": Fault(413, error(TOO_LARGE, "rate_limit_exceeded", "tokens")),
}  # fmt: skip
