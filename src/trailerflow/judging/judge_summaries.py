"""A language model rates pairs of summaries, each in both orders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.judging.pairs import (
    AS_DRAWN,
    CRITERIA,
    POSITIONS,
    RATINGS,
    SWAPPED,
    Pair,
    rating_rows,
    ratings_table,
)
from trailerflow.llm.prompts import render
from trailerflow.llm.structured import Form, UnreadableError, ask_form
from trailerflow.llm.table import ask_table
from trailerflow.llm.types import COST_COLUMNS, Asks
from trailerflow.movies.titles import display_title

RULE = "judge_summaries"
NO_REFERENCE = "not known"
MAX_TOKENS = 160
"""Eight ratings in JSON take about 80 tokens; the rest is room for white space."""

_RATING = {"type": "integer", "minimum": RATINGS.start, "maximum": RATINGS.stop - 1}
_SUMMARY = {
    "type": "object",
    "properties": dict.fromkeys(CRITERIA, _RATING),
    "required": list(CRITERIA),
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": dict.fromkeys(POSITIONS, _SUMMARY),
    "required": list(POSITIONS),
    "additionalProperties": False,
}

COLUMN_TYPES = {
    "pair": str,
    "movie": str,
    "order": str,
    "status": str,
    "reason": object,
    "earliest": object,
    **COST_COLUMNS,
}


def judge_summaries(
    client: Asks, pairs: Sequence[Pair], prompt: Path
) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, Any]]]:
    """Let a language model rate each pair twice, the second time with the summaries swapped.

    Judges prefer a place, the first or the second, whatever stands there (Wang et al., Large language models are not fair
    evaluators, ACL 2024); what both orders agree on is told as the judge's agreement with itself.

    Args:
        client: The judge.
        pairs: What to rate.
        prompt: Prompt file with the variables of `pair_messages`.

    Returns:
        The judgements, one row a pair and order (see `COLUMN_TYPES`); the ratings (see
        `trailerflow.judging.pairs.RATING_TYPES`) of those that are ``ok``; and the usage of every answer.

    Raises:
        TrailerflowError: The prompt file or the model's set-up is wrong.
    """
    shown = [(pair, AS_DRAWN) for pair in pairs] + [(pair.swapped(), SWAPPED) for pair in pairs]
    questions = [
        pair_messages(prompt, pair.title, pair.transcript, pair.reference, *_texts(pair)) for pair, _ in shown
    ]
    asked = ask_table(
        questions,
        lambda messages: ask_form(client, messages, FORM, MAX_TOKENS),
        client=client,
        rule=RULE,
        unit="judgements",
        groups=[pair.movie for pair, _ in shown],
    )
    rows = [
        {"pair": pair.id, "movie": pair.movie, "order": order} | row
        for (pair, order), row in zip(shown, asked.rows, strict=True)
    ]
    ratings = [
        row
        for (pair, order), reading in zip(shown, asked.readings, strict=True)
        if reading and reading.value is not None
        for row in rating_rows(pair, reading.value, rater=client.model.name, kind="judge", order=order)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
    keys = ["pair", "order", "position", "criterion"]
    return table, ratings_table(ratings).sort_values(keys, kind="stable", ignore_index=True), asked.usages


def pair_messages(
    prompt: Path, title: str, transcript: str, reference: str | None, first: str, second: str
) -> list[dict[str, str]]:
    """The question about one pair.

    Args:
        prompt: Prompt file with the variables ``{title}``, ``{transcript}``, ``{reference}``, ``{first}`` and ``{second}``.
        title: Title as in the catalogue.
        transcript: The words that the summaries were written from.
        reference: The reference synopsis, or None.
        first: The summary that is shown first.
        second: The other one.
    """
    values = {
        "title": display_title(title),
        "transcript": transcript,
        "reference": reference or NO_REFERENCE,
        "first": first,
        "second": second,
    }
    return render(prompt, values)


def read_judgement(document: Any) -> list[dict[str, int]]:
    """Read an answer that must keep to `SCHEMA`.

    Returns:
        Ratings by criterion, of the first and of the second summary.

    Raises:
        UnreadableError: A summary, a criterion or a rating is missing or another one is there.
    """
    return [_read_ratings(_part(document, POSITIONS, position), position) for position in POSITIONS]


def _read_ratings(document: Any, position: str) -> dict[str, int]:
    ratings = {criterion: _part(document, CRITERIA, criterion) for criterion in CRITERIA}
    for criterion, rating in ratings.items():
        if isinstance(rating, bool) or not isinstance(rating, int) or rating not in RATINGS:
            raise UnreadableError(
                f"the {position} summary's {criterion} is {str(rating)[:40]!r}, no whole number from 1 to 5"
            )
    return ratings


def _part(document: Any, names: Sequence[str], name: str) -> Any:
    if not isinstance(document, dict) or set(document) != set(names):
        raise UnreadableError(f"the answer has an object without exactly the keys {', '.join(names)}")
    return document[name]


FORM = Form(SCHEMA, read_judgement)


def _texts(pair: Pair) -> tuple[str, str]:
    first, second = pair.summaries
    return first.text, second.text
