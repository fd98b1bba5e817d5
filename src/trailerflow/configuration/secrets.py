"""Secrets in a configuration: they are named by their environment variables, and never stand in it themselves."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from trailerflow.redaction import HIDDEN, literal_secrets, redact, variables_named

_SENT = re.compile(r"models\.llm\[\d+\]\.(?:parameters|base_url)\b")
"""Where ``${NAME}`` is replaced before a request is sent."""

_NEVER_SHOWN = ("base_url", "key_variable", "parameters", "contact", "cookies")
"""Keys into which secrets are put by mistake."""


def secret_variables(config: Mapping[str, Any]) -> list[str]:
    """Names of the environment variables that models take their secrets from.

    Args:
        config: The configuration, valid or not.
    """
    entries = _entries(config)
    keys = {entry["key_variable"] for entry in entries if isinstance(entry.get("key_variable"), str)}
    return sorted(keys | set(variables_named(entries)))


def secret_problems(config: Mapping[str, Any], variables: Collection[str]) -> Iterator[str]:
    """A sentence for each place where a secret stands as it is; the secret is not repeated.

    Args:
        config: The configuration, valid or not.
        variables: Names of environment variables that hold secrets whatever they are called.
    """
    for place in literal_secrets(config, variables=variables):
        way_out = (
            "write ${NAME} in its place, and set the environment variable of that name"
            if _SENT.match(place)
            else "take it out"
        )
        yield (
            f"config: {place} holds a secret as it is, which the list of processes and Snakemake's records would show; "
            f"{way_out}."
        )


def reference_problems(place: str, entry: Mapping[str, Any], *, replayed: bool) -> Iterator[str]:
    """A sentence for each ``${NAME}`` of a language model's entry that cannot be replaced.

    Args:
        place: Place of the entry.
        entry: One of ``models.llm``.
        replayed: Whether nothing is asked, so that nothing need be set.
    """
    address, _, query = entry.get("base_url", "").partition("?")
    for name in variables_named(address):
        yield f"config: {place}.base_url names ${{{name}}} before its query; a secret stands in the query only."
    named = {"base_url": query, "parameters": entry.get("parameters", {})}
    for key, part in named.items():
        for name in variables_named(part):
            if not replayed and not os.environ.get(name):
                yield (
                    f"config: {place}.{key} names ${{{name}}}, which is not set: set the environment variable {name}, "
                    "or remove it."
                )


def shown_value(path: list[Any], value: Any) -> str:
    """A value as a sentence on a fault shows it.

    Args:
        path: Keys and numbers that lead to it.
        value: The value, of any type.
    """
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, list):
        return "a list"
    names = [part for part in path if isinstance(part, str)]
    if value is None or isinstance(value, bool):
        return repr(value)
    if any(name in _NEVER_SHOWN for name in names):
        return HIDDEN
    return redact(repr(value))


def _entries(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    models = config.get("models")
    entries = models.get("llm") if isinstance(models, Mapping) else None
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []
