"""Secrets are taken out of every word that is written, logged or shown, of ours or of somebody else's."""

from __future__ import annotations

import binascii
import json
import os
import re
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

from trailerflow.secret_names import is_password_variable, is_secret_name, is_secret_variable, words_of

HIDDEN = "[secret]"
"""What stands in a secret's place."""

MODELS_VARIABLE = "TRAILERFLOW_MODELS"
"""Environment variable with the settings of the run's models (`trailerflow.llm.operation`), which name their keys."""

SECRETS_VARIABLE = "TRAILERFLOW_SECRETS"
"""Environment variable with the names of all variables that the configuration refers to as ``${NAME}``."""

SHORTEST = 6
"""A shorter value is no key, and is too likely to be a part of an ordinary word."""

LONGEST = 2048
"""No key is longer than so many letters; hostile words would else be read again and again."""

SHORTEST_LINE = 16
"""A line of a value of several lines (a certificate's key) counts by itself from this length."""

_HTML_ESCAPES = [
    str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': f"&{quotation};", "'": f"&{apostrophe};"})
    for quotation, apostrophe in (("quot", "#x27"), ("#34", "#39"))
]
"""HTML as Python's library writes it, and as Jinja does; the library takes long to import."""

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ORDINARY_WORD = re.compile(r"[A-Z]?[a-z]+")
_TEXT_TOKEN = re.compile(r"<.*>|\[.*\]", re.DOTALL)
_VAGUE = ("key", "token", "sig", "auth", "pass")
_DIGIT = re.compile("[0-9]")
_RUN = re.compile(r"[\w.~+/=*-]+")
_WORD_IN_PROSE = re.compile(r"[A-Za-z]?[a-z]{0,14}[.!?:]?")

_SHAPES = re.compile(
    r"(?<![\w-])(?:sk-[A-Za-z0-9_-]{16,}|sk_(?:live|test)_[A-Za-z0-9]{16,}|gsk_[A-Za-z0-9]{16,}"
    r"|hf_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|nvapi-[\w-]{16,}"
    r"|xai-[A-Za-z0-9]{16,}|pplx-[A-Za-z0-9]{16,}|r8_[A-Za-z0-9]{20,}|AIza[A-Za-z0-9_-]{30,}|ya29\.[\w-]{16,}"
    r"|xox[abpr]-[A-Za-z0-9-]{10,}|A[KS]IA[A-Z0-9]{16}|eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?)"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
"""What the keys of well-known services look like."""

_USER = re.compile(r"(://)([^/\s\"'<>?#]+)(?=@)")
_COOKIES = re.compile(r"(\b(?:set-)?cookie\\*[\"']?\s*:\s*\\*[\"']?)([^\"'\r\n<>]*+)", re.IGNORECASE)
_SCHEME = re.compile(r"\b(Bearer|Basic)(\s+)([\w.~+/=-]{8,})", re.IGNORECASE)
_KEY_PROVIDED = re.compile(
    r"\b((?:api|access|secret|auth)[ -]?(?:key|token)|password)((?: provided| given| is| was)?\s*[:=]?\s+\\*[\"'`]?)"
    r"([\w.~+/=*-]{6,})",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?:(?<![\w.-])|(?<=%[0-9A-Fa-f]{2}))([A-Za-z][\w.-]*+)"
    r"(?:\\*[\"']?\s*(:|=>?|%3[dD])\s*|\\*[\"']\s*(,)\s*(?=b?\\*[\"']))"
)
"""A name before its value: in JSON, also inside of JSON; in Python; a header; in an address, also inside of an address."""

_VALUE = re.compile(
    r"b?(?P<quote>\\*[\"'])(?P<quoted>(?:(?!(?P=quote))(?:\\.|[^\\\r\n]))*)"
    r"|(?P<plain>(?:(?i:Bearer|Basic|Token|Digest|ApiKey)\s+)?(?:[^\s\"'&,;<>(){}\[\]|\\$]++|\$\{\w+\}|\$)+)",
)


def redact(text: str, variables: Collection[str] = ()) -> str:
    """Words for people, without secrets: no value of a secret variable, no key of an address, a header or a field.

    Args:
        text: The words.
        variables: Names of further environment variables that hold secrets.

    >>> redact("GET https://a.b/c?api-key=0123456789&x=1 as Bearer abcdefghijkl")
    'GET https://a.b/c?api-key=[secret]&x=1 as Bearer [secret]'
    """
    return _without_shapes(_replaced(text, _secret_forms(variables)))


def redact_values(document: Any, variables: Collection[str] = ()) -> Any:
    """A text or a JSON document without the values of secret variables, and else as it was: for what is kept whole.

    A password that is an ordinary word stays: it would be taken out of the speech of films.

    Args:
        document: The text or the document.
        variables: Names of further environment variables that hold secrets.
    """
    forms = _secret_forms(variables, words=False)
    return _document_replaced(document, forms) if _may_hold(document, forms) else document


def _may_hold(document: Any, forms: list[str]) -> bool:
    """Whether a document may hold one of the forms: its JSON is looked through, which is faster than text by text."""
    if not forms:
        return False
    text = _json(document)
    return any(_json(form)[1:-1] in text for form in forms)


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, default=str)


def redact_document(document: Any, variables: Collection[str] = ()) -> Any:
    """A JSON document for people: every text through `redact`, and nothing of fields that are named like a secret."""
    if isinstance(document, str):
        return redact(document, variables)
    if isinstance(document, Mapping):
        return {
            redact(str(name), variables): HIDDEN
            if _is_literal(str(name), value)
            else redact_document(value, variables)
            for name, value in document.items()
        }
    if isinstance(document, list | tuple):
        return [redact_document(part, variables) for part in document]
    return document


def literal_secrets(document: Any, place: str = "", variables: Collection[str] = ()) -> Iterator[str]:
    """Places in a document where a secret stands as it is, instead of ``${NAME}`` of an environment variable.

    Args:
        document: A part of the configuration.
        place: What its places begin with.
        variables: Names of further environment variables that hold secrets.
    """
    if isinstance(document, Mapping):
        for name, value in document.items():
            shown = redact(str(name), variables)
            inner = f"{place}.{shown}" if place else shown
            if _is_literal(str(name), value) or shown != str(name):
                yield inner
            else:
                yield from literal_secrets(value, inner, variables)
    elif isinstance(document, list | tuple):
        for number, part in enumerate(document):
            yield from literal_secrets(part, f"{place}[{number}]", variables)
    elif isinstance(document, str | int | float) and not isinstance(document, bool):
        text = str(document)
        if _without_shapes(redact_values(text, variables)) != text:
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
    return sorted(set(_REFERENCE.findall(json.dumps(document, ensure_ascii=False, default=str))))


class RedactedStream:
    """A stream of words that passes them on without secrets, by whole lines, or where it is flushed.

    Args:
        stream: Where they go.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._open_line = ""
        self._lock = threading.Lock()

    def write(self, text: str) -> int:
        """Take words, and pass on the lines that are whole now."""
        with self._lock:
            lines, end, self._open_line = (self._open_line + text).rpartition("\n")
            if end:
                self._stream.write(redact(lines) + end)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Take several words."""
        self.write("".join(lines))

    def flush(self) -> None:
        """Pass on what there is of a line, too."""
        with self._lock:
            if self._open_line:
                self._stream.write(redact(self._open_line))
                self._open_line = ""
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _without_shapes(text: str) -> str:
    """A text without what looks like a secret or stands where one stands."""
    text = _USER.sub(lambda found: found[1] + _unless_named(found[2]), text)
    text = _COOKIES.sub(
        lambda found: found[1] + (_unless_named(found[2]) if "=" in found[2] else found[2]), text
    )
    text = _without_fields(text)
    text = _SCHEME.sub(_without_credentials, text)
    text = _KEY_PROVIDED.sub(_without_key, text)
    return _SHAPES.sub(lambda found: HIDDEN if _has_digit(found[0]) else found[0], text)


def _unless_named(value: str) -> str:
    """A value's place is taken, unless it only names its variable."""
    return value if _REFERENCE.fullmatch(value) else HIDDEN


def _without_fields(text: str) -> str:
    """A text without the values of fields that are named like a secret."""
    parts, at = [], 0
    for field in _FIELD.finditer(text):
        if field.start() < at or not is_secret_name(field[1]):
            continue
        value = _VALUE.match(text, field.end(), field.end() + LONGEST)
        if value is None or not _may_be_secret(field, value):
            continue
        group = value.lastgroup or "plain"
        parts += [text[at : value.start(group)], HIDDEN]
        at = value.end(group)
    return "".join([*parts, text[at:]])


def _may_be_secret(field: re.Match[str], value: re.Match[str]) -> bool:
    """Whether what stands after a secret's name is one, and no word of a sentence or of a program."""
    words, text = words_of(field[1]), value["plain"] or value["quoted"] or ""
    if not text or not _holds_secret(words, text):
        return False
    if value["plain"] and field[2] not in (None, ":"):
        return True
    if field[3] or (len(words) == 1 and words[0] in _VAGUE):
        return len(text) >= SHORTEST and _has_digit(text)
    return bool(value["quote"]) or _WORD_IN_PROSE.fullmatch(text) is None


def _without_credentials(found: re.Match[str]) -> str:
    """``Bearer`` or ``Basic`` without what follows, unless it is an ordinary word."""
    scheme, between, value = found.groups()
    is_ordinary = (
        not _is_basic(value) if scheme.lower() == "basic" else scheme != "Bearer" and not _has_digit(value)
    )
    return found[0] if is_ordinary else scheme + between + HIDDEN


def _is_basic(value: str) -> bool:
    try:
        return b":" in binascii.a2b_base64(value + "=" * (-len(value) % 4), strict_mode=True)
    except ValueError:
        return False


def _without_key(found: re.Match[str]) -> str:
    is_secret = "*" in found[3] or _has_digit(found[3])
    return found[1] + found[2] + HIDDEN if is_secret else found[0]


def _has_digit(text: str) -> bool:
    """Whether a text has a digit, as keys have and words have not."""
    return _DIGIT.search(text) is not None


def _is_literal(name: str, value: Any) -> bool:
    """Whether a field holds a secret itself."""
    if not is_secret_name(name):
        return False
    words = words_of(name)
    if isinstance(value, list | tuple):
        return any(isinstance(part, str) and _holds_secret(words, part) for part in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return words[-1] != "token"
    return isinstance(value, str) and _holds_secret(words, value)


def _holds_secret(words: list[str], value: str) -> bool:
    """Whether the text of a field with a secret's name is a secret, and not the name of its variable.

    Args:
        words: Words of the field's name.
        value: Its text; what stands beside ``${NAME}`` (``Bearer``) may be ordinary words.
    """
    rest = _REFERENCE.sub("", value)
    if rest != value:
        return any(len(run) > SHORTEST and _has_digit(run) for run in _RUN.findall(rest))
    return (
        bool(rest.strip()) and rest != HIDDEN and not (words[-1] == "token" and _TEXT_TOKEN.fullmatch(rest))
    )


def _secret_forms(variables: Collection[str], *, words: bool = True) -> list[str]:
    """All that must not be left of secret variables' values, the longest first.

    Args:
        variables: Variables that hold secrets whatever they are called.
        words: Whether passwords that are ordinary words are among them.
    """
    return _forms_of_environment(tuple(os.environb.items()), frozenset(variables), words)


@lru_cache(maxsize=8)
def _forms_of_environment(
    environment: tuple[tuple[bytes, bytes], ...], variables: frozenset[str], words: bool
) -> list[str]:
    """`_secret_forms` of an environment as it is now: a stage that asks a model thousands of times finds it unchanged."""
    named = {*variables, *_named_variables()}
    forms: set[str] = set()
    for name, value in ((os.fsdecode(name), os.fsdecode(value)) for name, value in environment):
        if name not in named and not is_secret_variable(name):
            continue
        if not words and is_password_variable(name) and _ORDINARY_WORD.fullmatch(value):
            continue
        for part in _parts(value):
            forms |= _forms(part)
    return sorted(forms, key=len, reverse=True)


def _parts(value: str) -> Iterator[str]:
    """A value without the blanks around it, and its lines where it has several."""
    value = value.strip()
    if len(value) >= SHORTEST and value not in HIDDEN:
        yield value
    lines = [line.strip() for line in value.splitlines()]
    if len(lines) > 1:
        yield from (line for line in lines if len(line) >= SHORTEST_LINE)


def _named_variables() -> set[str]:
    """Variables that the run's models take their secrets from, whatever they are called."""
    named = set(os.environ.get(SECRETS_VARIABLE, "").split())
    try:
        models = json.loads(os.environ.get(MODELS_VARIABLE) or "{}").get("models", {})
        return named | {str(model.get("key_variable")) for model in models.values()}
    except (ValueError, AttributeError):
        return named


def _forms(value: str) -> set[str]:
    """A value as addresses, JSON, Python and HTML write it, and in base64."""
    data = value.encode("utf-8", "surrogateescape")
    quoted = {quote(data, safe=""), quote(data), quote_plus(data)}
    base64 = binascii.b2a_base64(data, newline=False).decode().rstrip("=")
    json_forms = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    return {
        value,
        repr(value)[1:-1],
        value.replace("/", "\\/"),
        *(value.translate(escapes) for escapes in _HTML_ESCAPES),
        base64,
        base64.translate(str.maketrans("+/", "-_")),
        *quoted,
        *(re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in quoted),
        *json_forms,
        *(json.dumps(form)[1:-1] for form in json_forms),
    }


def _replaced(text: str, forms: list[str]) -> str:
    for form in forms:
        text = text.replace(form, HIDDEN)
    return text


def _document_replaced(document: Any, forms: list[str]) -> Any:
    if isinstance(document, str):
        return _replaced(document, forms)
    if isinstance(document, Mapping):
        return {
            _document_replaced(name, forms): _document_replaced(part, forms)
            for name, part in document.items()
        }
    if isinstance(document, list | tuple):
        return [_document_replaced(part, forms) for part in document]
    return document
