"""What the answers of a run cost: tokens, time, money and, where it could be read, energy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from trailerflow.llm.model import Prices

ALL = "all"
"""Stands for every stage, model or prompt in the rows of totals."""

JOULES_PER_WATT_HOUR = 3600.0

_SUMMED = (
    "movies",
    "requests",
    "cached",
    "estimated",
    "prompt_tokens",
    "completion_tokens",
    "seconds",
    "usd",
    "usd_this_run",
    "watt_hours",
)
_PER_MOVIE = ("prompt_tokens", "completion_tokens", "seconds", "usd", "watt_hours")
COLUMNS = (
    "stage", "model", "prompt", *_SUMMED, "price_date",
    *(f"{name}_per_movie" for name in _PER_MOVIE), *(f"{name}_per_1000_movies" for name in _PER_MOVIE),
)  # fmt: skip


def account_costs(
    abouts: Iterable[Mapping[str, Any]],
    *,
    prices: Mapping[str, Prices | None],
    joules_per_second: Mapping[str, float],
) -> pd.DataFrame:
    """Put what every stage asked of every model into one table.

    An answer that is kept was paid for once, perhaps by an earlier run: ``usd`` is what all answers of the results cost when
    they were asked, ``usd_this_run`` what the new ones of the last run of each stage cost.

    Args:
        abouts: The notes (``about.json``) of the rules that ask a language model: rule, and usage with the rows of
            `trailerflow.llm.usage_row`.
        prices: List prices by model; None where a hosted model's are not known. An embedded model's are 0.
        joules_per_second: Energy of an embedded model per second of a request, by model, where it could be read.

    Returns:
        A row a stage, model and prompt, with the figures also per movie and per 1,000 movies; then the totals of each
        model and of all (see `COLUMNS`). Money, in US dollars at list prices, is missing where a price is; energy, in watt
        hours, where it could not be read. A total is missing where a part of it is; its movies are those of the stage with
        the most.
    """
    rows = [
        _row(str(about["rule"]), usage, prices.get(usage["model"]), joules_per_second.get(usage["model"]))
        for about in abouts
        for usage in about["usage"]
    ]
    parts = pd.DataFrame(rows, columns=["stage", "model", "prompt", *_SUMMED, "price_date"])
    totals = [_total(group, str(model)) for model, group in parts.groupby("model", sort=False)]
    if len(totals) > 1:
        totals.append(_total(parts, ALL))
    table = pd.DataFrame([*rows, *totals], columns=list(COLUMNS))
    for name in _PER_MOVIE:
        per_movie = table[name].astype(float) / table["movies"].where(table["movies"] > 0).astype(float)
        table[f"{name}_per_movie"] = per_movie
        table[f"{name}_per_1000_movies"] = 1000 * per_movie
    return table


def _row(
    stage: str, usage: Mapping[str, Any], prices: Prices | None, joules_per_second: float | None
) -> dict[str, Any]:
    """One stage's row of one model and prompt."""
    counted = {name: usage[name] for name in _SUMMED if name in usage}
    row: dict[str, Any] = {"stage": stage, "model": usage["model"], "prompt": usage["prompt"], **counted}
    row |= {"usd": None, "usd_this_run": None, "price_date": None, "watt_hours": None}
    if prices is not None:
        row["usd"] = prices.cost(usage["prompt_tokens"], usage["completion_tokens"])
        row["usd_this_run"] = prices.cost(usage["new_prompt_tokens"], usage["new_completion_tokens"])
        row["price_date"] = prices.date
    if joules_per_second is not None:
        row["watt_hours"] = joules_per_second * usage["seconds"] / JOULES_PER_WATT_HOUR
    return row


def _total(parts: pd.DataFrame, model: str) -> dict[str, Any]:
    """The sums of some rows."""
    row: dict[str, Any] = {"stage": ALL, "model": model, "prompt": ALL, "movies": parts["movies"].max()}
    for name in _SUMMED[1:]:
        row[name] = parts[name].sum() if parts[name].notna().all() else None
    dates = parts["price_date"].dropna()
    return row | {"price_date": dates.min() if len(dates) else None}
