"""What a server's reply means: an answer, a wait, something for later, a refusal, or a fault in the set-up."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from trailerflow.answers import utc_time
from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm.exchange import Reply
from trailerflow.llm.limits import LONGEST_WAIT_SECONDS, span_seconds
from trailerflow.llm.model import LanguageModel
from trailerflow.retry import TransientError, retry_after

WAIT_SECONDS = 20.0
"""How long everybody waits after a 429 that does not say how long."""

CREDIT_SECONDS = 600.0
"""How soon an account without credit is tried again."""

NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached", "insufficient_balance"}
BROKEN_OFF = {"error", "insufficient_system_resource"}
"""Reasons for the end of an answer that mean trouble at the server: Mistral's, and DeepSeek's."""

NO_MODEL = {"model_not_found", "model_decommissioned"}

_TRY_AGAIN = re.compile(r"try again in ((?:\d+(?:\.\d+)?(?:ms|h|m|s|d))+)")


class PausedError(Exception):
    """The server asks for a pause.

    Attributes:
        seconds: How long.
        reason: What it said.
    """

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


def read_reply(model: LanguageModel, reply: Reply) -> dict[str, Any]:
    """The JSON document of a good reply.

    Args:
        model: Who was asked.
        reply: What came.

    Raises:
        TransientError: A fault that may pass at once: 5xx, a web page or half a document with status 200, an answer that
            the server broke off.
        PausedError: Too many requests or tokens.
        RefusedError: The server cannot work on this request.
        TrailerflowError: The key is wrong, or the server has no such model.
    """
    document = _document(reply.data)
    if reply.status == 200 and isinstance(document, dict) and "choices" in document:
        if broken := _broken_off(document):
            raise TransientError(f"{model.name} broke its answer off ({broken})")
        return document
    if reply.status == 200 and not (isinstance(document, dict) and document.get("error")):
        if document is None:
            raise TransientError(f"{model.name} answered with something that is not JSON")
        raise RefusedError(f"{model.name} answered with something that is no chat completion")
    code, said = _error(document, reply.data)
    raise _fault(model, reply, code, f"{model.name} answered {reply.status}: {said}")


def _broken_off(document: dict[str, Any]) -> str | None:
    """Why a server says that it stopped in the middle of an answer, or None."""
    try:
        reason = document["choices"][0].get("finish_reason")
    except (LookupError, TypeError, AttributeError):
        return None
    return reason if reason in BROKEN_OFF else None


def _fault(model: LanguageModel, reply: Reply, code: str, sentence: str) -> Exception:
    """The error that a reply without an answer stands for."""
    status = reply.status
    if code in NO_CREDIT or status == 402:
        return PausedError(CREDIT_SECONDS, f"{sentence}; the account has no credit left")
    # Groq gives this the code of a limit, and OpenAI the status of one; no wait would help.
    if status == 413 or "Request too large" in sentence:
        return _refusal(sentence)
    if status == 429 or code == "rate_limit_exceeded":
        return PausedError(_pause(reply, sentence), sentence)
    if status in (408, 409) or status >= 500:
        return _trouble(model, reply, sentence)
    return _wrong_set_up(model, status, code, sentence) or _refusal(sentence)


def _trouble(model: LanguageModel, reply: Reply, sentence: str) -> Exception:
    """A fault of the server: of an embedded one it is the request's, since nobody else asks it."""
    if model.is_embedded:
        return RefusedError(sentence)
    seconds = _retry_after(reply)
    return PausedError(seconds, sentence) if seconds else TransientError(sentence)


def _wrong_set_up(model: LanguageModel, status: int, code: str, sentence: str) -> TrailerflowError | None:
    if code in NO_MODEL or status == 404:
        return TrailerflowError(
            f"{model.server} has no model {model.model} ({sentence}); correct `model` or `base_url` of {model.name} "
            "in models.llm."
        )
    if status in (401, 403):
        return TrailerflowError(
            f"Model {model.name} refused the key in {model.key_variable} ({sentence}); set a valid one."
        )
    return None


def _refusal(sentence: str) -> RefusedError:
    if "response_format" in sentence or "json_schema" in sentence:
        return RefusedError(f"{sentence}; structured: json or text may suit this model")
    return RefusedError(sentence)


def _pause(reply: Reply, sentence: str) -> float:
    """Seconds that a 429 asks to wait: by its header, by its words, by what is left, or `WAIT_SECONDS`."""
    seconds = _retry_after(reply)
    if seconds is not None:
        return seconds
    if found := _TRY_AGAIN.search(sentence):
        return span_seconds(found[1]) or WAIT_SECONDS
    resets = [
        span_seconds(reply.headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens")
        if reply.headers.get(f"x-ratelimit-remaining-{what}") == "0"
    ]
    return max((reset for reset in resets if reset is not None), default=WAIT_SECONDS)


def _retry_after(reply: Reply) -> float | None:
    return retry_after({"Retry-After": reply.headers.get("retry-after", "")})


def is_long(pause: PausedError) -> bool:
    """Whether a pause is too long to be waited out."""
    return pause.seconds > LONGEST_WAIT_SECONDS


def for_later(pause: PausedError) -> LaterError:
    """What a pause that is not waited out means for the outcome."""
    # The marks of later count whole seconds: the time told is the first whole one after the pause.
    return LaterError(pause.reason, utc_time(int(time.time() + pause.seconds) + 1))


def _document(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _error(document: Any, data: bytes) -> tuple[str, str]:
    """The server's code of an error and its own words, cut short."""
    error = document.get("error") if isinstance(document, dict) else None
    if isinstance(error, dict):
        code, words = str(error.get("code") or error.get("type") or ""), str(error.get("message") or "")
    else:
        code, words = "", str(error) if error else data.decode("utf-8", errors="replace")
    return code, " ".join(words.split())[:200]
