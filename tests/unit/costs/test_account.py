"""The account of a run's answers, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from trailerflow.costs.account import ALL, COLUMNS, account_costs, paid_this_run
from trailerflow.llm.model import Prices

PRICES = {"paid": Prices(1.0, 4.0, "2026-11-01"), "own": Prices(0.0, 0.0, "2026-11-01"), "unknown": None}


def usage(model: str, prompt: str, movies: int, requests: int, *, cached: int = 0) -> dict:
    new = (requests - cached) / requests
    return {
        "model": model, "prompt": prompt, "movies": movies, "requests": requests, "cached": cached, "estimated": 0,
        "prompt_tokens": 1000 * requests, "completion_tokens": 100 * requests,
        "new_prompt_tokens": round(1000 * requests * new), "new_completion_tokens": round(100 * requests * new),
        "seconds": 2.0 * requests,
    }  # fmt: skip


def rows(table: pd.DataFrame, stage: str) -> pd.DataFrame:
    return table[table["stage"] == stage].set_index("model")


def test_money_time_and_energy_by_stage_and_by_movie():
    abouts = [
        {"rule": "merge_summaries", "usage": [usage("paid", "zero_shot", 10, 10, cached=4), usage("own", "zero_shot", 10, 10)]},
        {"rule": "predict_genres", "usage": [usage("paid", "predict", 10, 12)]},
    ]  # fmt: skip
    table = account_costs(abouts, prices=PRICES, joules_per_second={"own": 36.0})
    assert tuple(table.columns) == COLUMNS
    paid = rows(table, "merge_summaries").loc["paid"]
    assert paid["usd"] == pytest.approx(10 * (1000 * 1 + 100 * 4) / 1e6)
    assert paid["usd_per_1000_movies"] == pytest.approx(1.4)
    assert (paid["seconds_per_movie"], paid["price_date"]) == (2.0, "2026-11-01")
    assert pd.isna(paid["watt_hours"])
    own = rows(table, "merge_summaries").loc["own"]
    assert (own["usd"], own["watt_hours"]) == (0.0, pytest.approx(36.0 * 20 / 3600))
    totals = rows(table, ALL)
    assert totals.loc["paid", "requests"] == 22
    assert totals.loc["paid", "usd"] == pytest.approx(22 * 1400 / 1e6)
    assert totals.loc["paid", "movies"] == 10
    assert totals.loc[ALL, "requests"] == 32
    assert pd.isna(totals.loc[ALL, "watt_hours"])  # a part of it could not be read


def test_what_this_run_paid_is_told_apart_and_no_table_depends_on_it():
    def abouts(cached: int) -> list[dict]:
        used = [usage("paid", "zero_shot", 10, 10, cached=cached), usage("unknown", "zero_shot", 10, 10)]
        return [{"rule": "merge_summaries", "usage": used}]

    rows = {row["model"]: row for row in paid_this_run(abouts(4), PRICES)[:2]}
    assert rows["paid"]["cached"] == 4
    assert rows["paid"]["usd"] == pytest.approx(6 * 1400 / 1e6)
    totals = {row["model"]: row for row in paid_this_run(abouts(4), PRICES)[2:]}
    assert (totals["paid"]["stage"], totals["paid"]["prompt_tokens"]) == (ALL, 6000)
    assert (totals[ALL]["cached"], totals[ALL]["prompt_tokens"], totals[ALL]["usd"]) == (4, 16000, None)
    first, again = (account_costs(abouts(cached), prices=PRICES, joules_per_second={}) for cached in (0, 10))
    pd.testing.assert_frame_equal(first, again)


def test_one_prompt_that_is_asked_on_several_splits_is_one_row():
    abouts = [{"rule": "rank_films", "usage": [usage("paid", "yes_no", movies, 9)]} for movies in (3, 5)]
    table = account_costs(abouts, prices=PRICES, joules_per_second={})
    row = rows(table, "rank_films").loc["paid"]
    assert (row["requests"], row["prompt_tokens"], row["movies"]) == (18, 18_000, 5)


def test_a_model_without_prices_has_no_money():
    table = account_costs(
        [{"rule": "rank_films", "usage": [usage("unknown", "yes_no", 3, 9)]}],
        prices=PRICES,
        joules_per_second={},
    )
    assert table["usd"].isna().all()
    assert table["prompt_tokens"].tolist() == [9000, 9000]


def test_nothing_asked_is_an_empty_table():
    table = account_costs([{"rule": "rank_films", "usage": []}], prices={}, joules_per_second={})
    assert table.empty
    assert tuple(table.columns) == COLUMNS
