"""merge_transcripts: the table of all transcripts, and what recognised and translated them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from trailerflow.llm.types import usage_row
from trailerflow.outcome_tables import outcome_columns, typed_table
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


def transcripts_table(outcomes: Iterable[Outcome[Any]]) -> pd.DataFrame:
    """One row a movie: its transcript, or why there is none.

    Args:
        outcomes: Outcomes; those of prepare_transcript are taken.

    Returns:
        Columns of `TRANSCRIPT_TYPES`, in the order of the outcomes; the last six are empty where the status
        is not ``ok``.
    """
    rows = [
        outcome_columns(outcome) | (outcome.data or {})
        for outcome in outcomes
        if outcome.rule == "prepare_transcript"
    ]
    return typed_table(rows, TRANSCRIPT_TYPES)


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
    """What language models' translations cost, one row a model; see `trailerflow.llm.types.usage_row`.

    Args:
        outcomes: Of `translate_transcript` and others.
        run: Name of the present run.
    """
    usages: dict[str, list[dict[str, Any]]] = {}
    for outcome in outcomes:
        if outcome.rule == "translate_transcript" and "usage" in outcome.source:
            usages.setdefault(_model_of(outcome)["model"], []).append(outcome.source["usage"])
    return [usage_row(model, "translate", len(asked), asked, run) for model, asked in sorted(usages.items())]
