"""What a service's error is about, by its status, its code and its words: the set-up, this very text, a limit, or trouble.

Statuses alone do not tell: a wrong key comes as 400 at Gemini, a flagged film as 403 at OpenRouter, a limit as 200.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from trailerflow.outside import clean_text
from trailerflow.redaction import redact

MOST_WORDS = 200
"""How many characters of a service's words are passed on."""


class Fault(Enum):
    """What an error is about."""

    CREDIT = "the account has no credit"
    LIMIT = "too many requests or tokens"
    TEXT = "this very text"
    KEY = "the key"
    MODEL = "the model or the address"
    FIELD = "a field of the request that the model does not take"
    TROUBLE = "a fault that may pass"
    UNKNOWN = "nobody knows"


@dataclass(frozen=True)
class Said:
    """An error as a service words it.

    Attributes:
        status: HTTP status, or the number that the document of a 200 has instead.
        codes: Its codes, types and reasons, in lower case.
        words: Its message, cleaned, without secrets and cut short.
    """

    status: int
    codes: frozenset[str]
    words: str


_MOST_LETTERS = 20_000
"""How many characters are searched for secrets: far more than are passed on, so that no secret is cut into two."""

_ERROR_STATUSES = range(400, 600)
_CODE_FIELDS = ("code", "type", "status", "reason", "error_code", "error_type")
_WORD_FIELDS = (
    "message",
    "detail",
    "error",
    "msg",
    "title",
    "description",
    "errors",
    "raw",
    "reason",
    "fault",
)


def said(status: int, document: Any, data: bytes, secret_variables: Collection[str] = ()) -> Said:
    """Read what a service says of an error.

    Args:
        status: HTTP status.
        document: The reply's JSON document, None where it is none.
        data: The reply's bytes.
        secret_variables: Environment variables with secrets that it may repeat.
    """
    parts = list(_parts(document))
    codes = {
        str(part[name]).lower()
        for part in parts
        for name in _CODE_FIELDS
        if isinstance(part.get(name), str | int)
    }
    told = [text for part in parts for name in _WORD_FIELDS if isinstance(text := part.get(name), str)]
    if isinstance(document, str):
        told = [document]
    if not told:
        told = [data.decode("utf-8", errors="replace")]
    words = " ".join(clean_text(" — ".join(dict.fromkeys(told))[:_MOST_LETTERS]).split())
    numbers = [
        number for part in parts for name in _CODE_FIELDS if (number := _number(part.get(name))) is not None
    ]
    named = numbers[0] if status == 200 and numbers else status
    return Said(named, frozenset(codes), redact(words, secret_variables)[:MOST_WORDS])


def _number(code: Any) -> int | None:
    """A status among the codes of a document, or None."""
    text = str(code)
    return int(text) if len(text) == 3 and text.isdecimal() and int(text) in _ERROR_STATUSES else None


def _parts(document: Any, depth: int = 4) -> Iterator[Mapping[str, Any]]:
    """The parts of an error's document that may tell something, the outermost first."""
    if depth and isinstance(document, Mapping):
        yield document
        for name in ("error", "errors", "detail", "details", "metadata", "fault", "choices"):
            yield from _parts(document.get(name), depth - 1)
    elif depth and isinstance(document, list):
        for part in document[:8]:
            yield from _parts(part, depth - 1)


def _any_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_CREDIT_CODES = {
    "insufficient_quota",
    "billing_hard_limit_reached",
    "insufficient_balance",
    "insufficient_credits",
}
_CREDIT = _any_of(
    r"insufficient[ _](?:balance|credits?|funds|quota)", r"(?:no|out of|not enough|ran out of) credits?",
    r"payment (?:is )?required", r"billing (?:hard )?limit", r"credit balance is too low",
)  # fmt: skip
_LIMIT = _any_of(
    r"rate.?limit", r"too.?many.?requests", r"throttl", r"resource_exhausted", r"quota (?:has been )?exceeded",
    r"exceeded your current quota", r"capacity.exceeded",
)  # fmt: skip
_TOO_LARGE = _any_of(r"request too large", r"(?:entity|payload) too large")
_LENGTH = _any_of(
    r"context[ _-]?(?:length|window|size)", r"maximum (?:context|prompt|input|number of (?:input )?tokens)",
    r"(?:prompt|input|request|messages?|text)\b.{0,40}\b(?:too long|too large|exceeds?\b|longer than)",
    r"too many (?:input )?tokens", r"reduce (?:the|your) (?:length|message|prompt|input)", r"string_above_max_length",
    r"exceed\w*\b.{0,40}\b(?:max_model_len|token limit|limit of \d+ tokens|maximum of \d+ tokens)",
)  # fmt: skip
_UNFINISHED_FORM = _any_of(
    r"failed to generate json", r"failed_generation", r"json_validate_failed", r"tool_use_failed"
)
_MODERATED = _any_of(
    r"moderat", r"\bflagged\b", r"content[ _-]?(?:polic|management|filter)", r"safety", r"violat",
    r"usage (?:guidelines|polic)", r"prohibited", r"inappropriate", r"\bharm", r"data_?inspection", r"responsible.?ai",
    r"\bunsafe\b", r"sensitive (?:content|words?)", r"blocked by .{0,30}(?:polic|filter|guardrail)", r"guardrail",
)  # fmt: skip
_ACCOUNT = _any_of(
    r"\b(?:account|organi[sz]ation|project|workspace|key)\b.{0,60}\b(?:flagged|suspended|disabled|deactivated|banned|terminated"
    r"|restricted|violat)"
)
_KEY_CODES = {
    "invalid_api_key",
    "api_key_invalid",
    "authentication_error",
    "unauthenticated",
    "invalid_authentication",
}
_KEY = _any_of(
    r"api[ _-]?key", r"(?:access|auth|bearer|subscription)[ _-]?(?:key|token)", r"authenticat", r"unauthori[sz]ed",
    r"credentials?", r"(?:invalid|expired|incorrect|missing) (?:key|token)",
)  # fmt: skip
_MODEL_CODES = {
    "model_not_found",
    "model_decommissioned",
    "deploymentnotfound",
    "model_not_available",
    "invalid_model",
}
_NOT_THERE = (
    r"(?:not found|not exist|not available|unavailable in|decommissioned|deprecated|retired|unknown|no longer|unsupported"
    r"|not (?:a )?(?:valid|supported)|do(?:es)? not have access|not accessible)"
)
_MODEL = _any_of(
    rf"\b(?:model|deployment)s?\b(?! output)[^.]{{0,80}}\b{_NOT_THERE}",
    r"(?:unknown|invalid|no such|unsupported) (?:model|deployment)", r"no endpoints found", r"not a valid model",
    r"access to (?:the )?model",
)  # fmt: skip
_FIELD = _any_of(
    r"response_format", r"json_?schema", r"structured output", r"unsupported[ _](?:parameter|value|field|argument)",
    r"(?:unrecogni[sz]ed|unknown|unexpected|extra|invalid|additional) (?:request )?"
    r"(?:argument|field|parameter|input|propert|keyword|name)",
    r"(?:is|are) not (?:supported|permitted|allowed)", r"does not support", r"system role", r"roles? must alternate",
    r"chat template", r"log_?probs", r"invalid schema", r"max_(?:completion_|output_)?tokens",
)  # fmt: skip
_AWAY = {404, 405, 406, 410, 411, 415, 421, 426, 451}
_PASSING = {408, 409, 423, 424, 425, 449, 498, 499}


def fault_of(error: Said) -> Fault:
    """Say what an error is about; only what is known to be about this very text is `Fault.TEXT`."""
    words = " ".join([*sorted(error.codes), error.words])
    status = error.status
    if status == 402 or error.codes & _CREDIT_CODES or (status != 401 and _CREDIT.search(words)):
        return Fault.CREDIT
    # Groq gives this the code of a limit, and OpenAI the status of one; no wait would help.
    if status == 413 or _TOO_LARGE.search(words):
        return Fault.TEXT
    if status == 429 or (status not in (401, 404) and _LIMIT.search(words)):
        return Fault.LIMIT
    if status in _PASSING or status >= 500:
        return Fault.TROUBLE
    if status in (401, 407):
        return Fault.KEY
    return _of_words(status, error.codes, words)


def _of_words(status: int, codes: frozenset[str], words: str) -> Fault:
    """The same for the statuses that services use for everything: 400, 403, 404, 422, or a 200 without a number."""
    if codes & _MODEL_CODES or (status in _AWAY and not _MODERATED.search(words)):
        return Fault.MODEL
    if codes & _KEY_CODES or _ACCOUNT.search(words):
        return Fault.KEY
    for pattern, fault in (
        (_LENGTH, Fault.TEXT),
        (_UNFINISHED_FORM, Fault.TEXT),
        (_MODERATED, Fault.TEXT),
        (_KEY, Fault.KEY),
        (_MODEL, Fault.MODEL),
        (_FIELD, Fault.FIELD),
    ):
        if pattern.search(words):
            return fault
    return Fault.KEY if status == 403 else Fault.UNKNOWN
