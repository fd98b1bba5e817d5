"""merge_transcripts: the tables of all transcripts and of what became of each movie on the way to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from trailerflow.llm.types import usage_row
from trailerflow.outcomes import Outcome

TRANSCRIPT_TYPES = {
    "movie": "string",
    "status": "string",
    "reason": "string",
    "text": "string",
    "words": "Int64",
    "words_before_trim": "Int64",
    "language": "string",
    "origin": "string",
    "translated": "boolean",
}
OUTCOME_TYPES = {
    "movie": "string",
    "rule": "string",
    "model": "string",
    "prompt": "string",
    "status": "string",
    "reason": "string",
}


def transcripts_table(outcomes: Iterable[Outcome[Any]]) -> pd.DataFrame:
    """One row a movie: its transcript, or why there is none.

    Args:
        outcomes: Outcomes; those of prepare_transcript are taken.

    Returns:
        Columns of `TRANSCRIPT_TYPES`, in the order of the outcomes; the last six are empty where the status
        is not ``ok``.
    """
    rows = [
        {"movie": outcome.movie, "status": outcome.status, "reason": _reason(outcome), **(outcome.data or {})}
        for outcome in outcomes
        if outcome.rule == "prepare_transcript"
    ]
    return _typed(rows, TRANSCRIPT_TYPES)


def outcomes_table(outcomes: Iterable[Outcome[Any]]) -> pd.DataFrame:
    """One row an outcome: status and reason; model and prompt are empty for these rules."""
    rows = [
        {
            "movie": outcome.movie,
            "rule": outcome.rule,
            "status": outcome.status,
            "reason": _reason(outcome),
        }
        for outcome in outcomes
    ]
    return _typed(rows, OUTCOME_TYPES)


def models_used(outcomes: Iterable[Outcome[Any]]) -> list[dict[str, Any]]:
    """The models that recognised speech and those that translated, each once, as the outcomes name them."""
    found = {
        tuple(sorted((key, value) for key, value in model.items() if key != "trailerflow"))
        for outcome in outcomes
        if "model" in (model := _model_of(outcome))
    }
    return [dict(model) for model in sorted(found)]


def _model_of(outcome: Outcome[Any]) -> dict[str, Any]:
    if outcome.rule == "transcribe_trailer":
        return outcome.made_by
    return outcome.made_by.get("translation", {}) if outcome.rule == "translate_transcript" else {}


def translation_usage(outcomes: Iterable[Outcome[Any]], run: str) -> list[dict[str, Any]]:
    """What language models' translations cost, one row a model; see `trailerflow.llm.usage_row`.

    Args:
        outcomes: Of `translate_transcript` and others.
        run: Name of the present run.
    """
    usages: dict[str, list[dict[str, Any]]] = {}
    for outcome in outcomes:
        if outcome.rule == "translate_transcript" and "usage" in outcome.source:
            usages.setdefault(_model_of(outcome)["model"], []).append(outcome.source["usage"])
    return [usage_row(model, "translate", len(asked), asked, run) for model, asked in sorted(usages.items())]


def _reason(outcome: Outcome[Any]) -> str | None:
    return "; ".join(outcome.reasons) or None


def _typed(rows: list[dict[str, Any]], types: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(types)).astype(types)
