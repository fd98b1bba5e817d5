"""What the ``about.json`` of all tables say together: models, versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trailerflow.redaction import redact_document
from trailerflow.reports.values import listed, text

_TOLD_ELSEWHERE = ("name", "hash", "prompt_hash")


def versions(abouts: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Version of every package that a stage named, and of Python."""
    return {name: str(number) for about in abouts for name, number in about["packages"].items()}


def model_rows(abouts: Iterable[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Name, hash, further facts and the rules that used it, of each model."""
    used: dict[tuple[str, str, str], list[str]] = {}
    for about in abouts:
        for model in about["models"]:
            facts = {key: value for key, value in model.items() if key not in _TOLD_ELSEWHERE}
            key = (
                text(model.get("name")),
                text(model.get("hash")),
                ", ".join(f"{name} {value}" for name, value in redact_document(facts).items()),
            )
            used.setdefault(key, []).append(str(about["rule"]))
    return [(*key, listed(list(dict.fromkeys(rules)))) for key, rules in used.items()]
