"""Outcomes as rows of tables: what each says of its movie, and how long the work took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.outcomes import Outcome, read_outcome

OUTCOME_TYPES = {
    "movie": "string",
    "rule": "string",
    "model": "string",
    "prompt": "string",
    "status": "string",
    "reason": "string",
}


def outcome_columns(outcome: Outcome[Any]) -> dict[str, Any]:
    """What every outcome says: movie, status, and the reasons as one text, None where it is ok."""
    return {
        "movie": outcome.movie,
        "status": outcome.status,
        "reason": "; ".join(outcome.reasons) or None,
    }


def typed_table(rows: Sequence[Mapping[str, Any]], types: Mapping[str, str]) -> pd.DataFrame:
    """A table with these columns and types, also where there are no rows; what a row lacks is missing."""
    return pd.DataFrame(rows, columns=list(types)).astype(dict(types))


def outcomes_table(outcomes: Iterable[Outcome[Any]]) -> pd.DataFrame:
    """One row an outcome, in their order, with the columns of `OUTCOME_TYPES`.

    Model and prompt are those of a summary, which has an outcome for each of them; of other rules they are missing.
    """
    rows = [outcome_columns(outcome) | {"rule": outcome.rule} | _asked_by(outcome) for outcome in outcomes]
    return typed_table(rows, OUTCOME_TYPES)


def data_of_outcomes(paths: Iterable[Path], columns: Sequence[str]) -> pd.DataFrame:
    """Read outcome documents of one rule as a table of their data.

    Args:
        paths: Outcome documents, one a movie.
        columns: Names of their data; what an outcome lacks is missing.

    Returns:
        Columns movie, status, reason, and these.

    Raises:
        TrailerflowError: A file is missing or no outcome document.
    """
    outcomes = [read_outcome(path) for path in paths]
    rows = [outcome_columns(outcome) | (outcome.data or {}) for outcome in outcomes]
    return pd.DataFrame(rows, columns=["movie", "status", "reason", *columns], dtype=object)


def work_rows(outcomes: Iterable[Outcome[Any]]) -> list[dict[str, Any]]:
    """How long the work on single movies took, for ``about.json``: a table that is made again must be equal, time is not.

    Returns:
        rule, model, prompt, outcomes and seconds, in the order in which the outcomes come; model and prompt are empty where
        `outcomes_table` has none.
    """
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for each in outcomes:
        names = {"rule": each.rule} | {name: value or "" for name, value in _asked_by(each).items()}
        row = rows.setdefault(tuple(names.values()), names | {"outcomes": 0, "seconds": 0.0})
        row["outcomes"] += 1
        row["seconds"] = round(row["seconds"] + each.seconds, 3)
    return list(rows.values())


def _asked_by(outcome: Outcome[Any]) -> dict[str, str | None]:
    """Model and prompt of a summary; None for every other rule."""
    made_by = outcome.made_by if outcome.rule == "summarise_movie" else {}
    return {"model": made_by.get("model"), "prompt": made_by.get("prompt")}
