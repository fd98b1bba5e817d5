"""Secrets are taken out of every word that is written, logged or shown, of ours or of somebody else's."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "[secret]"
"""What stands in a secret's place."""

MODELS_VARIABLE = "TRAILERFLOW_MODELS"
"""Environment variable with the settings of the run's models (`trailerflow.llm.operation`), which name their keys."""

SHORTEST = 6
"""A shorter value is no key, and is too likely to be a part of an ordinary word."""

_PARTS = (
    r"(?:api[ _-]?key|subscription[_-]?key|access[_-]?token|auth[_-]?token|bearer[_-]?token|id[_-]?token|secret"
    r"|passw(?:or)?d|credentials?)"
)
_WHOLE = r"(?:key|token|sig|signature|authorization|cookie)"
_NAME = re.compile(rf"(?:.*[^a-z])?{_PARTS}|{_WHOLE}", re.IGNORECASE)
_VARIABLE = re.compile(r"(?:.*_)?(?:API)?(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)", re.IGNORECASE)
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

_SHAPES = re.compile(
    r"\b(?:sk-[A-Za-z0-9_-]{16,}|gsk_[A-Za-z0-9]{16,}|hf_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{20,}"
    r"|AIza[A-Za-z0-9_-]{30,}|xox[abpr]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16})"
)
"""What the keys of well-known services look like."""

_QUERY = re.compile(rf"([?&;](?:[\w.-]*{_PARTS}|{_WHOLE})=)([^&#\s\"'<>]+)", re.IGNORECASE)
_FIELD = re.compile(rf"(\"(?:[\w.-]*{_PARTS}|{_WHOLE})\"\s*:\s*\")((?:[^\"\\]|\\.)+)", re.IGNORECASE)
_HEADER = re.compile(r"\b((?:Bearer|Basic)\s+)([A-Za-z0-9._~+/=-]{8,})", re.IGNORECASE)
_USER = re.compile(r"(://)([^/\s@\"'<>]+)(?=@)")


def redact(text: str) -> str:
    """Words for people, without secrets: no value of a secret variable, no key of an address, a header or a field.

    >>> redact("GET https://a.b/c?api-key=0123456789&x=1 as Bearer abcdefghijkl")
    'GET https://a.b/c?api-key=[secret]&x=1 as Bearer [secret]'
    """
    text = redact_values(text)
    for pattern in (_QUERY, _FIELD, _HEADER, _USER):
        text = pattern.sub(_hidden, text)
    return _SHAPES.sub(HIDDEN, text)


def _hidden(found: re.Match[str]) -> str:
    return found[0] if _REFERENCE.fullmatch(found[2]) else found[1] + HIDDEN


def redact_values(text: str) -> str:
    """A text without the values of secret variables, and else as it was: for documents that are kept whole."""
    for value in _secret_values():
        for form in _forms(value):
            text = text.replace(form, HIDDEN)
    return text


def redact_document(document: Any) -> Any:
    """A JSON document for people: every text through `redact`, and nothing of fields that are named like a secret."""
    if isinstance(document, str):
        return redact(document)
    if isinstance(document, Mapping):
        return {
            name: HIDDEN if _is_literal(str(name), value) else redact_document(value)
            for name, value in document.items()
        }
    if isinstance(document, list | tuple):
        return [redact_document(part) for part in document]
    return document


def literal_secrets(document: Any, place: str = "") -> Iterator[str]:
    """Places in a document where a secret stands as it is, instead of ``${NAME}`` of an environment variable.

    Args:
        document: A part of the configuration.
        place: What its places begin with.
    """
    if isinstance(document, Mapping):
        for name, value in document.items():
            inner = f"{place}.{name}" if place else str(name)
            if _is_literal(str(name), value):
                yield inner
            else:
                yield from literal_secrets(value, inner)
    elif isinstance(document, list | tuple):
        for number, part in enumerate(document):
            yield from literal_secrets(part, f"{place}[{number}]")
    elif isinstance(document, str) and redact(document) != document:
        yield place


def with_secrets(document: Any) -> Any:
    """A document with ``${NAME}`` replaced by the environment's values, to be sent and nothing else.

    Raises:
        KeyError: A variable is not set; its name is the argument.
    """
    if isinstance(document, str):
        return _REFERENCE.sub(lambda found: os.environ[found[1]], document)
    if isinstance(document, Mapping):
        return {name: with_secrets(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [with_secrets(part) for part in document]
    return document


def variables_named(document: Any) -> list[str]:
    """Names of the environment variables that a document refers to as ``${NAME}``."""
    return sorted(set(_REFERENCE.findall(json.dumps(document, ensure_ascii=False))))


def _is_literal(name: str, value: Any) -> bool:
    """Whether a field holds a secret itself."""
    if not isinstance(value, str) or not value or _NAME.fullmatch(name) is None:
        return False
    return _REFERENCE.sub("", value).strip() not in ("", "Bearer", "Basic")


def _secret_values() -> list[str]:
    """Values of the environment's secret variables, the longest first."""
    named = _model_variables()
    values = {
        value
        for name, value in os.environ.items()
        if len(value) >= SHORTEST and (name in named or _VARIABLE.fullmatch(name))
    }
    return sorted(values, key=len, reverse=True)


def _model_variables() -> set[str]:
    """Variables that the run's models take their keys from, whatever they are called."""
    try:
        models = json.loads(os.environ.get(MODELS_VARIABLE) or "{}").get("models", {})
        return {str(model.get("key_variable")) for model in models.values()}
    except (ValueError, AttributeError):
        return set()


def _forms(value: str) -> set[str]:
    """A value as addresses, JSON and HTML write it."""
    return {
        value,
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        html.escape(value),
    }
