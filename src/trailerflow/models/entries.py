"""What an entry of the model list may say: every name in it becomes a path, an address or a word to pip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from trailerflow.models.store import FILE_NAME, MODEL_NAME

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PACKAGE = re.compile(rf"{MODEL_NAME.pattern}(?:==[A-Za-z0-9][A-Za-z0-9.+!_-]{{0,99}})?")

_ENTRY_FIELDS = {"is", "licence", "files", "packages", "hub", "layers"}
_FILE_FIELDS = {"sha256", "size", "parts", "hub"}
_HUB_FIELDS = {"repository", "revision"}


def entry_problem(name: Any, entry: Any) -> str | None:
    """What is wrong with an entry of the model list, for people; None where nothing is.

    Args:
        name: Name of the model.
        entry: What the list says of it.

    >>> entry_problem("toy", {"is": "a toy", "licence": "MIT", "files": {"../a": {}}})
    "model toy has a file '../a', which is no name of a file below the model's folder"
    """
    if not _is_text(MODEL_NAME, name):
        return (
            f"{name!r} is no name of a model (letters, digits, dots, hyphens and underscores; "
            "a letter or a digit first)"
        )
    problem = next(_entry_problems(entry), None)
    return problem and f"model {name} {problem}"


def _entry_problems(entry: Any) -> Iterator[str]:
    yield from _field_problems(entry, _ENTRY_FIELDS, {"is", "licence", "files"}, "")
    for field in ("is", "licence"):
        if not isinstance(entry[field], str):
            yield f"has a field {field} that is no text"
    if not (isinstance(entry["files"], Mapping) and entry["files"]):
        yield "names no files"
    for file, facts in entry["files"].items():
        yield from _file_problems(file, facts)
    if not _is_count(entry.get("layers", 1)):
        yield "has a number of layers that is no whole number above 0"
    if "packages" in entry and not _is_list_of(_PACKAGE, entry["packages"]):
        yield "has packages that are no list of names with versions (name==1.0)"
    if "hub" in entry:
        yield from _field_problems(entry["hub"], _HUB_FIELDS, _HUB_FIELDS, "hub: ")
        for field in sorted(_HUB_FIELDS):
            if not _is_text(FILE_NAME, entry["hub"][field]):
                yield f"has a {field} of the hub that is none: {entry['hub'][field]!r}"


def _file_problems(file: Any, facts: Any) -> Iterator[str]:
    if not _is_text(FILE_NAME, file):
        yield f"has a file {file!r}, which is no name of a file below the model's folder"
    yield from _field_problems(facts, _FILE_FIELDS, set(), f"file {file}: ")
    if "sha256" in facts and not _is_text(_SHA256, facts["sha256"]):
        yield f"file {file}: has a sha256 that is not 64 digits and letters from a to f"
    if not _is_count(facts.get("size", 1)):
        yield f"file {file}: has a size that is no whole number above 0"
    if "parts" in facts and not _is_list_of(FILE_NAME, facts["parts"]):
        yield f"file {file}: has parts that are no list of names in its packages"
    if "hub" in facts and not _is_text(FILE_NAME, facts["hub"]):
        yield f"file {file}: has a name at the hub that is none: {facts['hub']!r}"


def _field_problems(fields: Any, known: set[str], needed: set[str], place: str) -> Iterator[str]:
    if not isinstance(fields, Mapping):
        yield f"{place}has no fields where there must be some"
        return
    for field in fields:
        if field not in known:
            yield f"{place}has a field {field!r}; known are {', '.join(sorted(known))}"
    for field in sorted(needed - fields.keys()):
        yield f"{place}lacks the field {field}"


def _is_text(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_list_of(pattern: re.Pattern[str], values: Any) -> bool:
    return isinstance(values, list) and bool(values) and all(_is_text(pattern, value) for value in values)
