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
    "requests",
    "estimated",
    "prompt_tokens",
    "completion_tokens",
    "seconds",
    "usd",
    "watt_hours",
)
_PAID = ("cached", "prompt_tokens", "completion_tokens", "usd")
_PER_MOVIE = ("prompt_tokens", "completion_tokens", "seconds", "usd", "watt_hours")
COLUMNS = (
    "stage", "model", "prompt", "movies", *_SUMMED, "price_date",
    *(f"{name}_per_movie" for name in _PER_MOVIE), *(f"{name}_per_1000_movies" for name in _PER_MOVIE),
)  # fmt: skip

Row = dict[str, Any]


def account_costs(
    abouts: Iterable[Mapping[str, Any]],
    *,
    prices: Mapping[str, Prices | None],
    joules_per_second: Mapping[str, float],
) -> pd.DataFrame:
    """Put what every stage asked of every model into one table.

    An answer that is kept was paid for once, perhaps by an earlier run: the table says what all answers of the results cost
    when they were asked, so that it is the same however often they are read again. See `paid_this_run` for the rest.

    Args:
        abouts: The notes (``about.json``) of the rules that ask a language model: rule, and usage with the rows of
            `trailerflow.llm.types.usage_row`.
        prices: List prices by model; None where a hosted model's are not known. An embedded model's are 0.
        joules_per_second: Energy of an embedded model per second of a request, by model, where it could be read.

    Returns:
        A row a stage, model and prompt, with the figures also per movie and per 1,000 movies; then the totals of each
        model and of all (see `COLUMNS`). Money, in US dollars at list prices, is missing where a price is; energy, in watt
        hours, where it could not be read. A total is missing where a part of it is; its movies are those of the stage with
        the most.
    """
    rows = [
        _row(stage, usage, prices.get(usage["model"]), joules_per_second.get(usage["model"]))
        for stage, usage in _usages(abouts)
    ]
    totals = []
    for model, parts in _groups(rows):
        dates = [part["price_date"] for part in parts if part["price_date"]]
        movies = max(part["movies"] for part in parts)
        total = {"movies": movies, "price_date": min(dates, default=None)}
        totals.append(_total(model, parts, _SUMMED) | total)
    table = pd.DataFrame([*rows, *totals], columns=list(COLUMNS))
    for name in _PER_MOVIE:
        per_movie = table[name].astype(float) / table["movies"].where(table["movies"] > 0).astype(float)
        table[f"{name}_per_movie"] = per_movie
        table[f"{name}_per_1000_movies"] = 1000 * per_movie
    return table


def paid_this_run(
    abouts: Iterable[Mapping[str, Any]], prices: Mapping[str, Prices | None]
) -> list[dict[str, Any]]:
    """What the last run of each stage paid for new answers, with the totals of each model and of all.

    Args:
        abouts: As for `account_costs`.
        prices: As for `account_costs`.

    Returns:
        stage, model, prompt, cached (answers that were kept from before and cost nothing), and of the new answers
        prompt_tokens, completion_tokens and usd, which is None where a price is not known.
    """
    rows: list[Row] = []
    for stage, usage in _usages(abouts):
        price, read, written = (
            prices.get(usage["model"]),
            usage["new_prompt_tokens"],
            usage["new_completion_tokens"],
        )
        counted = (usage["cached"], read, written, price and price.cost(read, written))
        rows.append(_name(stage, usage["model"], usage["prompt"]) | dict(zip(_PAID, counted, strict=True)))
    return [*rows, *(_total(model, parts, _PAID) for model, parts in _groups(rows))]


def _usages(abouts: Iterable[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """What each stage asked of each model with each prompt: one that asks on several splits is one row."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for about in abouts:
        for usage in about["usage"]:
            key = (str(about["rule"]), usage["model"], usage["prompt"])
            found[key] = _together(found[key], usage) if key in found else dict(usage)
    return [(stage, usage) for (stage, _, _), usage in found.items()]


def _together(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The usage of both; the movies may be the same ones."""
    summed = {name: one[name] + value for name, value in other.items() if name not in ("model", "prompt")}
    return {**one, **summed, "movies": max(one["movies"], other["movies"])}


def _name(stage: str, model: str, prompt: str) -> Row:
    return {"stage": stage, "model": model, "prompt": prompt}


def _row(stage: str, usage: Mapping[str, Any], prices: Prices | None, joules_per_second: float | None) -> Row:
    """One stage's row of one model and prompt."""
    row = _name(stage, usage["model"], usage["prompt"]) | {"movies": usage["movies"]}
    row |= {name: usage.get(name) for name in _SUMMED} | {"price_date": None}
    if prices is not None:
        row["usd"] = prices.cost(usage["prompt_tokens"], usage["completion_tokens"])
        row["price_date"] = prices.date
    if joules_per_second is not None:
        row["watt_hours"] = joules_per_second * usage["seconds"] / JOULES_PER_WATT_HOUR
    return row


def _groups(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The rows of each model, and all of them where there are several models."""
    models: dict[str, list[Row]] = {}
    for row in rows:
        models.setdefault(row["model"], []).append(row)
    return [*models.items(), *([(ALL, rows)] if len(models) > 1 else [])]


def _total(model: str, parts: list[Row], names: Iterable[str]) -> Row:
    """The sums of some rows; one is missing where a part of it is."""
    sums: Row = {}
    for name in names:
        values = [part[name] for part in parts]
        sums[name] = None if None in values else sum(values)
    return _name(ALL, model, ALL) | sums
