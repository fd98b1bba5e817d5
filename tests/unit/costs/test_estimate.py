"""The estimate, worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from trailerflow.commands.estimate import text_of
from trailerflow.costs.estimate import ALL, Expected, estimate_table, written_tokens
from trailerflow.costs.tokens import count_message_tokens, count_tokens
from trailerflow.llm.model import LanguageModel


def model(**settings: Any) -> LanguageModel:
    return LanguageModel.from_settings(
        {"name": "m", "kind": "openai", "model": "x", "context": 4096, **settings}
    )


def only_row(
    model_: LanguageModel, requests: int = 100, read: float = 1e6, written: float = 1e5
) -> pd.Series:
    table = estimate_table([Expected("s", "m", "p", requests, read, written)], {"m": model_})
    assert table["stage"].tolist() == ["s", ALL]
    return table.iloc[0]


def test_money_is_tokens_times_prices():
    row = only_row(model(prices={"input": 0.5, "output": 2.0, "date": "2026-11-23"}))
    assert row["usd"] == pytest.approx(0.5 + 0.2)
    assert pd.isna(only_row(model())["usd"])
    assert only_row(model(kind="embedded"))["usd"] == 0


def test_an_embedded_models_time_is_by_tokens_and_threads():
    row = only_row(model(kind="embedded", threads=2, slots=4))
    alone = (1e6 / 40 + 1e5 / 20) / 2 / 3600
    assert (row["hours_from"], row["hours_to"]) == (pytest.approx(alone / 2), pytest.approx(2 * alone))


@pytest.mark.parametrize(
    ("limits", "low", "high"),
    [
        ({}, 100 * 0.5 / 4, 100 * 3 / 4),
        ({"requests_per_minute": 10}, 600, 600),
        ({"tokens_per_minute": 110_000}, 600, 600),
        ({"requests_per_day": 30}, 3 * 86_400, 3 * 86_400),
        ({"tokens_per_day": 500_000}, 2 * 86_400, 2 * 86_400),
    ],
)
def test_a_hosted_models_time_is_by_limits(limits, low, high):
    row = only_row(model(slots=4, limits=limits))
    assert (row["hours_from"] * 3600, row["hours_to"] * 3600) == (pytest.approx(low), pytest.approx(high))


def test_a_thinking_model_writes_more():
    assert written_tokens(model(reasoning_tokens=1000), 12) == 512


def test_totals_of_each_model_and_of_all():
    models = {"m": model(), "n": model(name="n", kind="embedded")}
    expected = [Expected("s", name, "p", 10, 100, 10) for name in models]
    table = estimate_table(expected, models)
    totals = table[table["stage"] == ALL].set_index("model")
    assert totals["requests"].to_dict() == {"m": 10, "n": 10, ALL: 20}
    assert pd.isna(totals.loc[ALL, "usd"])


def test_the_days_of_a_limit_are_counted_over_all_stages():
    models = {"m": model(limits={"requests_per_day": 1000})}
    table = estimate_table([Expected("s", "m", prompt, 900, 100, 10) for prompt in "abc"], models)
    total = table[table["stage"] == ALL].iloc[0]
    assert table["hours_from"].iloc[0] < 1
    assert (total["requests"], total["hours_from"]) == (2700, 48.0)


def test_tokens_of_words_digits_and_marks():
    assert count_tokens("The courier, 1995.") == 8
    assert count_tokens("transcript") == 2
    assert count_tokens("") == 0
    assert count_message_tokens([{"content": "One two."}, {"content": ""}]) == 3 + 4 + 3 + 4


def test_the_table_for_a_terminal(tmp_path: Path):
    path = tmp_path / "estimate.csv"
    estimate_table([Expected("s", "m", "p", 1200, 1e6, 1e5)], {"m": model()}).to_csv(path, index=False)
    text = text_of(path)
    assert "1,200" in text and "1,000,000" in text and "0.17 to 1.00" in text
