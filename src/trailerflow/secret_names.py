"""What is called like a secret: fields of documents, parameters of addresses, headers, environment variables."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ALWAYS = {
    "apikey", "apikeys", "accesskey", "secretkey", "privatekey", "authkey", "apitoken", "accesstoken", "authtoken",
    "secret", "secrets", "password", "passwords", "passwd", "passphrase", "passcode", "pass", "pwd", "credential",
    "credentials", "authorization", "auth", "cookie", "bearer", "jwt", "sig", "signature",
}  # fmt: skip
_ORDINARY_KEYS = {
    "cache", "primary", "foreign", "sort", "partition", "routing", "group", "public", "order", "index", "json", "object",
    "idempotency", "lookup", "map",
}  # fmt: skip
"""Words before ``key``: what only tells things apart."""

_ORDINARY_TOKENS = {
    "eos", "bos", "pad", "padding", "unk", "unknown", "sep", "separator", "cls", "class", "mask", "stop", "start", "end",
    "begin", "eot", "eom", "eod", "special", "image", "audio", "video", "think", "thinking", "reasoning", "first", "last",
    "next", "previous", "max", "min", "per", "prompt", "completion", "input", "output", "prefix", "suffix", "middle",
    "blank", "new", "added", "language", "page", "continuation", "draft", "tool",
}  # fmt: skip
"""Words before ``token``: pieces of text, as tokenisers make them."""

_VARIABLE = re.compile(
    r".*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|COOKIE|_PASS|_PWD|_PAT|_AUTH|_JWT)S?(?:_?\d+|_ID)?",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r".*(?:PASSWORD|PASSWD|PASSPHRASE|_PASS|_PWD)S?(?:_?\d+)?", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Whether a field, a parameter or a header is called like a secret.

    >>> [is_secret_name(name) for name in ("x-api-key", "openaiApiKey", "hf_token", "Authorization")]
    [True, True, True, True]
    >>> [is_secret_name(name) for name in ("prompt_cache_key", "eos_token", "max_tokens", "key_variable")]
    [False, False, False, False]
    """
    words = words_of(name)
    if not words:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in _ALWAYS:
        return True
    if last in ("key", "keys"):
        return before not in _ORDINARY_KEYS and (last == "key" or bool(before))
    return last == "token" and before not in _ORDINARY_TOKENS


def words_of(name: str) -> list[str]:
    """Words of a name in small letters, without a number at its end.

    >>> words_of("X-Goog-Api-Key"), words_of("openaiAPIKey_2")
    (['x', 'goog', 'api', 'key'], ['openai', 'api', 'key'])
    """
    words = [word.lower() for word in _WORDS.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    return words


def is_secret_variable(name: str) -> bool:
    """Whether an environment variable holds a secret, by its name.

    >>> [is_secret_variable(name) for name in ("OPENAI_API_KEY", "DB_PASSWORD_2", "PWD", "SSH_AUTH_SOCK")]
    [True, True, False, False]
    """
    return _VARIABLE.fullmatch(name) is not None


def is_password_variable(name: str) -> bool:
    """Whether it holds a password, which, other than a key, may be an ordinary word."""
    return _PASSWORD.fullmatch(name) is not None
