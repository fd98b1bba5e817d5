"""What a server's reply means: an answer, a wait, something for later, a refusal, or a fault in the set-up."""

from __future__ import annotations

import time
from typing import Any

from trailerflow.errors import LaterError, OnlyThisLaterError, RefusedError, TrailerflowError
from trailerflow.llm.exchange import Reply
from trailerflow.llm.faults import Fault, Said, fault_of, said
from trailerflow.llm.limits import LONGEST_WAIT_SECONDS
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import BROKEN_OFF, finish_of
from trailerflow.llm.waits import wait_seconds
from trailerflow.outside import OutsideError, parse_json
from trailerflow.retry import TransientError
from trailerflow.times import utc_time, utc_time_after

WAIT_SECONDS = 20.0
"""How long everybody waits after a 429 that does not say how long."""

CREDIT_SECONDS = 600.0
"""How soon an account without credit is tried again."""

UNKNOWN_SECONDS = 60.0
"""How soon a later run asks again after a reply that nobody foresaw."""

AGAIN = "`trailerflow forget --status failed` lets it be asked again"


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


class UnknownReplyError(OnlyThisLaterError):
    """A reply that nobody foresaw."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, utc_time(time.time() + UNKNOWN_SECONDS))


def read_reply(model: LanguageModel, reply: Reply) -> dict[str, Any]:
    """The JSON document of a good reply.

    Args:
        model: Who was asked.
        reply: What came.

    Raises:
        TransientError: A fault that may pass at once: 5xx, a web page or half a document with status 200, an answer that
            the server broke off.
        PausedError: Too many requests or tokens.
        UnknownReplyError: Nobody knows what it means.
        RefusedError: The server cannot work on this very text.
        TrailerflowError: The key, the model, the address or a field of the request is wrong.
    """
    try:
        document = parse_json(reply.data)
    except OutsideError as error:
        if reply.status == 200:
            why = (
                "something that is not JSON"
                if str(error) == "it is no JSON"
                else f"something that cannot be read: {error}"
            )
            raise TransientError(f"{model.name} answered with {why}") from None
        document = None
    choice = _choice(document) if reply.status == 200 else None
    if choice is not None and not choice.get("error"):
        if finish_of(choice) == BROKEN_OFF:
            reason = str(choice.get("finish_reason"))[:40]
            raise TransientError(f"{model.name} broke its answer off ({reason})")
        return dict(document)
    raise _error(model, reply, document)


def _choice(document: Any) -> dict[str, Any] | None:
    """The first choice of a completion, or None where the document is none."""
    choices = document.get("choices") if isinstance(document, dict) else None
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None


def _error(model: LanguageModel, reply: Reply, document: Any) -> Exception:
    """The error that a reply without an answer stands for."""
    error = said(reply.status, document, reply.data, model.secret_variables)
    number = f" with {error.status}" if error.status != reply.status else ""
    sentence = f"{model.name} answered {reply.status}{number}: {error.words}"
    fault = fault_of(error)
    if fault is Fault.CREDIT:
        return PausedError(
            _pause(reply, document, error) or CREDIT_SECONDS, f"{sentence}; the account has no credit left"
        )
    if fault is Fault.LIMIT:
        pause = _pause(reply, document, error)
        return PausedError(WAIT_SECONDS if pause is None else pause, sentence)
    if fault is Fault.TROUBLE:
        return _trouble(model, reply, document, error, sentence)
    if fault is Fault.TEXT:
        return RefusedError(f"{sentence}; {AGAIN}")
    if fault is Fault.UNKNOWN:
        return UnknownReplyError(sentence)
    return TrailerflowError(_set_up(model, fault, sentence))


def _trouble(model: LanguageModel, reply: Reply, document: Any, error: Said, sentence: str) -> Exception:
    """A fault of the server. An embedded one's is blamed on the request, since nobody else asks that server."""
    if model.is_embedded:
        return RefusedError(sentence)
    seconds = _pause(reply, document, error)
    return PausedError(seconds, sentence) if seconds else TransientError(sentence)


def _set_up(model: LanguageModel, fault: Fault, sentence: str) -> str:
    """What is wrong with the set-up, and the way out."""
    if fault is Fault.KEY:
        return f"Model {model.name} refused the key in {model.key_variable} ({sentence}); set a valid one."
    if fault is Fault.MODEL:
        return (
            f"{model.address} has no model {model.model} ({sentence}); correct `model` or `base_url` of {model.name} "
            "in models.llm."
        )
    return (
        f"Model {model.name} does not take a field of the request ({sentence}); structured: json or text, "
        "system_role: user, or a null in parameters may suit it: change its entry in models.llm."
    )


def _pause(reply: Reply, document: Any, error: Said) -> float | None:
    return wait_seconds(reply.headers, document, error.words)


def is_long(pause: PausedError) -> bool:
    """Whether a pause is too long to be waited out."""
    return pause.seconds > LONGEST_WAIT_SECONDS


def for_later(pause: PausedError) -> LaterError:
    """What a pause that is not waited out means for the outcome."""
    return LaterError(pause.reason, utc_time_after(time.time() + pause.seconds))
