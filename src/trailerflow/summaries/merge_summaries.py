"""The per-movie summaries and synopses as tables."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

import pandas as pd

from trailerflow.llm.types import usage_row
from trailerflow.outcome_tables import outcome_columns, typed_table
from trailerflow.outcomes import Outcome
from trailerflow.summaries import summarise_movie
from trailerflow.synopses import fetch_synopsis

_SUMMARIES = {
    "movie": "string",
    "model": "string",
    "prompt": "string",
    "status": "string",
    "reason": "string",
    "summary": "string",
    "words": "Int64",
    "finish_reason": "string",
    "prompt_tokens": "Int64",
    "completion_tokens": "Int64",
    "seconds": "Float64",
}
_CLAIMS = {
    "movie": "string",
    "model": "string",
    "prompt": "string",
    "measure": "string",
    "claim": "Int64",
    "sentence": "Int64",
    "text": "string",
    "support": "Float64",
    "kept": "boolean",
    "copied": "boolean",
    "invented_names": "string",
    "window": "string",
    "start": "Float64",
    "end": "Float64",
}
_SYNOPSES = {"movie": "string", "status": "string", "reason": "string", "text": "string", "words": "Int64"}


def summaries_table(outcomes: Iterable[Outcome[Any]]) -> pd.DataFrame:
    """One row for each movie, model and prompt; what an outcome lacks is missing.

    Args:
        outcomes: Outcomes of ``summarise_movie`` among others, which are left out.

    Returns:
        Columns movie, model, prompt, status, reason, summary, words, finish_reason, prompt_tokens,
        completion_tokens and seconds (of the requests when they were really asked).
    """
    rows = [
        outcome_columns(outcome)
        | {"model": outcome.made_by["model"], "prompt": outcome.made_by["prompt"]}
        | (outcome.data or {})
        | {
            name: sum(usage[name] for usage in usages)
            for name in ("prompt_tokens", "completion_tokens", "seconds")
            if (usages := outcome.source.get("usages"))
        }
        for outcome in outcomes
        if outcome.rule == summarise_movie.RULE
    ]
    return typed_table(rows, _SUMMARIES)


def claims_table(outcomes: Iterable[Outcome[Any]]) -> pd.DataFrame:
    """One row for each claim of a summary that was checked, those of which nothing was kept among them.

    Args:
        outcomes: Outcomes of ``summarise_movie`` among others, which are left out.

    Returns:
        Columns movie, model, prompt, measure (of support), claim and sentence (their places, from 0), text, support, kept,
        copied, invented_names (joined by "; "), and the window of the transcript with its start and end in seconds. What is
        not known is missing.
    """
    rows = [
        {name: outcome.made_by[name] for name in ("model", "prompt")}
        | claim
        | (claim["window"] or {})
        | {
            "movie": outcome.movie,
            "measure": outcome.made_by["check"]["measure"],
            "claim": place,
            "text": claim["text"],
            "invented_names": "; ".join(claim["invented_names"]),
            "window": claim["window"] and claim["window"]["text"],
        }
        for outcome in outcomes
        if outcome.rule == summarise_movie.RULE
        for place, claim in enumerate((outcome.data or outcome.source).get("claims", ()))
    ]
    return typed_table(rows, _CLAIMS)


def synopses_table(outcomes: Iterable[Outcome[Any]]) -> pd.DataFrame:
    """One row for each movie's reference synopsis: movie, status, reason, text, words."""
    rows = [
        outcome_columns(outcome) | (outcome.data or {})
        for outcome in outcomes
        if outcome.rule == fetch_synopsis.RULE
    ]
    return typed_table(rows, _SYNOPSES)


def usage_of_outcomes(outcomes: Iterable[Outcome[Any]], run: str) -> list[dict[str, Any]]:
    """What the summaries cost, one row a model and prompt; see `trailerflow.llm.types.usage_row`.

    Args:
        outcomes: Of `summarise_movie` and others.
        run: Name of the present run.
    """
    asked: dict[tuple[str, str], list[list[dict[str, Any]]]] = {}
    for outcome in outcomes:
        if outcome.rule == summarise_movie.RULE and "usages" in outcome.source:
            key = (outcome.made_by["model"], outcome.made_by["prompt"])
            asked.setdefault(key, []).append(outcome.source["usages"])
    return [
        usage_row(model, prompt, len(movies), chain.from_iterable(movies), run)
        for (model, prompt), movies in asked.items()
    ]


def models_of(outcomes: Iterable[Outcome[Any]]) -> list[dict[str, str]]:
    """Name and hash of each model that was to summarise."""
    pairs = {
        (outcome.made_by["model"], outcome.made_by["model_hash"])
        for outcome in outcomes
        if outcome.rule == summarise_movie.RULE
    }
    return [{"name": name, "hash": model_hash} for name, model_hash in sorted(pairs)]
