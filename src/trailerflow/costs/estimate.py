"""What a run will ask of its language models, and what that will cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import pandas as pd

from trailerflow.llm.model import LanguageModel

ALL = "all"
_COUNTED = ("requests", "prompt_tokens", "completion_tokens")
_SUMMED = (*_COUNTED, "usd", "hours_from", "hours_to")

WRITTEN_PER_WORD = 1.05
"""Tokens of a summary per word asked for: 1.11 and 1.06 (zero-shot), 1.10 and .88 (few-shot) on two runs of Qwen 1.5B."""

CLAIM_WORDS = 12
"""Words of a claim of a summary, by which the questions of a check are counted."""

GENRES_TOKENS = 12
"""Tokens of an answer with genres: 11.5 on two runs."""

JUDGEMENT_TOKENS = 80
RANKING_SHARE = 1 / 3
"""Share of the tokens that it may write which the answer of a ranking takes: 8 of 24 for a likelihood."""

THINKING_SHARE = 0.5
"""Share of its `reasoning_tokens` that a model is taken to use; nothing was measured."""

READ_PER_SECOND, WRITTEN_PER_SECOND = 40.0, 20.0
"""Tokens a CPU second of the embedded 1.5B model on an idle machine (2026); half of that is taken as the slow end."""

SHARED_READING = 2.0
"""Up to so much faster are several requests in flight: they share a reading of the weights, and what prompts begin with."""

ROUND_TRIP_SECONDS = (0.5, 3.0)
"""A hosted request, at best and at worst."""

HOUR, MINUTE, DAY = 3600.0, 60.0, 86_400.0


@dataclass(frozen=True)
class Expected:
    """What one stage will ask of one model with one prompt.

    Attributes:
        stage: Name of the rule.
        model: Name of the model.
        prompt: Name of the prompt.
        requests: How many requests; exact where nothing fails and no answer needs a repair.
        prompt_tokens: Tokens read in all, estimated.
        completion_tokens: Tokens written in all, estimated.
    """

    stage: str
    model: str
    prompt: str
    requests: int
    prompt_tokens: float
    completion_tokens: float


def estimate_table(expected: Iterable[Expected], models: Mapping[str, LanguageModel]) -> pd.DataFrame:
    """Price what will be asked, and say how long it may take.

    Args:
        expected: What each stage will ask of each model.
        models: The models by name.

    Returns:
        stage, model, prompt, requests, prompt_tokens, completion_tokens, usd (at list prices; 0 for an embedded model,
        missing where prices are not known), hours_from and hours_to, with the totals of each model below:
        its days are counted over all stages, as its service counts them. Models are taken to work one after another.
    """
    rows = [_priced(each, models[each.model]) for each in expected]
    table = pd.DataFrame(rows, columns=["stage", "model", "prompt", *_SUMMED])
    totals = [
        _priced(Expected(ALL, str(model), ALL, *(group[name].sum() for name in _COUNTED)), models[str(model)])
        for model, group in table.groupby("model", sort=False)
    ]
    if len(totals) > 1:
        totals.append({"stage": ALL, "model": ALL, "prompt": ALL, **_sums(pd.DataFrame(totals))})
    return pd.concat([table, pd.DataFrame(totals, columns=table.columns)], ignore_index=True)


def written_tokens(model: LanguageModel, answer: float) -> float:
    """Tokens that a model writes for an answer of so many: a thinking one writes more."""
    return answer + THINKING_SHARE * model.reasoning_tokens


def _priced(each: Expected, model: LanguageModel) -> dict[str, object]:
    row: dict[str, object] = asdict(each)
    row |= {"prompt_tokens": round(each.prompt_tokens), "completion_tokens": round(each.completion_tokens)}
    if model.is_embedded:
        row["usd"] = 0.0
        low, high = _embedded_seconds(each, model)
    else:
        prices = model.prices
        row["usd"] = prices.cost(round(each.prompt_tokens), round(each.completion_tokens)) if prices else None
        low, high = _hosted_seconds(each, model)
    return row | {"hours_from": low / HOUR, "hours_to": high / HOUR}


def _embedded_seconds(each: Expected, model: LanguageModel) -> tuple[float, float]:
    alone = (
        each.prompt_tokens / READ_PER_SECOND + each.completion_tokens / WRITTEN_PER_SECOND
    ) / model.threads
    return alone / (SHARED_READING if model.slots > 1 else 1.0), 2 * alone


def _hosted_seconds(each: Expected, model: LanguageModel) -> tuple[float, float]:
    limits, tokens = model.limits, each.prompt_tokens + each.completion_tokens
    least = max(
        each.requests / (limits.requests_per_minute or math.inf) * MINUTE,
        tokens / (limits.tokens_per_minute or math.inf) * MINUTE,
        math.floor(each.requests / (limits.requests_per_day or math.inf)) * DAY,
        math.floor(tokens / (limits.tokens_per_day or math.inf)) * DAY,
    )
    best, worst = (each.requests * seconds / model.slots for seconds in ROUND_TRIP_SECONDS)
    return max(least, best), max(least, worst)


def _sums(group: pd.DataFrame) -> dict[str, object]:
    return {name: group[name].sum() if group[name].notna().all() else None for name in _SUMMED}
