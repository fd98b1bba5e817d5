"""The diagnosis of language models that rank, by rankings whose figures are worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.llm.model import Prices
from trailerflow.recommendations.diagnosis.orders import (
    best_by_place,
    echo_of_users,
    ndcg_of_orders,
    put_by_place,
    single_orders,
)
from trailerflow.recommendations.diagnosis.table import Scored, diagnose, popularity_of_users
from trailerflow.recommendations.splits.contract import TABLES
from trailerflow.tables import write_table
from unit.recommendations.frames import asked_about, coded_ratings, part_of, stored
from unit.recommendations.judging import judged_of, scored, truth_of

TRUTH = truth_of([("u", "a", 5), ("u", "b", 3), ("u", "c", 1), ("v", "a", 4), ("v", "b", 2)])
PLACES = [[0, 2], [1, 1], [2, 0], [0, 1], [1, 0]]
"""u was shown a, b, c and then c, b, a; v was shown a, b and then b, a."""
ECHO = [[0.0, -2.0], [-1.0, -1.0], [-2.0, 0.0], [np.nan, 2.0], [np.nan, 1.0]]
"""u's lists repeat what was shown. Of v the first answer could not be read, and the second turns the order round."""
JUDGED = judged_of(TRUTH, drawn=["u", "v"])
REVERSED_NDCG = (1 + 7 / np.log2(3) + 31 / 2) / (31 + 7 / np.log2(3) + 1 / 2)


def ranked(order_scores: list[list[float]] = ECHO) -> pd.DataFrame:
    rows = scored(TRUTH, [3.0, 2.0, 1.0, 2.0, 1.0])
    return rows.assign(places=PLACES, order_scores=order_scores)


def test_each_list_is_told_by_itself_and_an_unread_one_is_left_out() -> None:
    orders = single_orders(ranked())
    found = {(row.user, row.number, row.shown): (row.movie, row.put) for row in orders.itertuples()}
    assert found == {
        ("u", 0, 0): ("a", 1.0), ("u", 0, 1): ("b", 0.5), ("u", 0, 2): ("c", 0.0),
        ("u", 1, 0): ("c", 1.0), ("u", 1, 1): ("b", 0.5), ("u", 1, 2): ("a", 0.0),
        ("v", 1, 0): ("b", 0.0), ("v", 1, 1): ("a", 1.0),
    }  # fmt: skip


def test_echo_is_the_agreement_of_what_was_shown_and_given() -> None:
    assert echo_of_users(single_orders(ranked())).to_dict() == pytest.approx({"u": 1.0, "v": -1.0})


def test_films_are_told_by_the_place_at_which_they_were_shown() -> None:
    orders = single_orders(ranked())
    table = put_by_place(orders)
    assert table.loc["u"].tolist() == [1.0, 0.5, 0.0]
    assert table.loc["v"].tolist()[:2] == [0.0, 1.0]
    best = best_by_place(orders, TRUTH)
    assert best.loc["u", [0, 2]].tolist() == [1.0, 0.0]  # a, first and last
    assert best.loc["v"].tolist()[-2:] == [1.0, pytest.approx(np.nan, nan_ok=True)]


def test_the_spread_is_over_what_each_order_alone_would_get() -> None:
    figures = ndcg_of_orders(ranked(), single_orders(ranked()), JUDGED)
    assert figures.index.tolist() == [0]  # v has an order that was not read
    assert figures.loc[0].tolist() == pytest.approx([1.0, REVERSED_NDCG])


def test_films_below_the_reranked_ones_keep_their_places() -> None:
    rows = ranked([[0.0, -1.0], [-1.0, 0.0], None, [0.0, 0.0], [-1.0, -1.0]])
    rows["places"] = [[0, 1], [1, 0], None, [0, 1], [1, 0]]
    figures = ndcg_of_orders(rows, single_orders(rows), JUDGED)
    ideal = 31 + 7 / np.log2(3) + 1 / 2
    assert figures.loc[0].tolist() == pytest.approx([1.0, (7 + 31 / np.log2(3) + 1 / 2) / ideal])


def test_popularity_is_correlated_within_a_users_films() -> None:
    judged = judged_of(TRUTH)
    judged.popularity[:] = [[0.2, 0.9, 0.1]]  # of a, b, c
    found = popularity_of_users(ranked(), judged)
    assert found.to_dict() == pytest.approx({"u": 0.5, "v": -1.0})
    reranked = ranked().assign(places=[*PLACES[:2], None, *PLACES[3:]])  # c stayed below a and b
    assert popularity_of_users(reranked, judged)["u"] == pytest.approx(-1.0)


TRAIN = [("u", "b", 4, 1), ("w", "b", 4, 1), ("w", "a", 4, 1), ("v", "c", 3, 1)]


def run(folder: Path, **changes: object) -> tuple[pd.Series, pd.DataFrame]:
    """The diagnosis of one ranker on a split of two users."""
    held_out = coded_ratings(
        [(user, film, rating, 9) for user, film, rating in TRUTH[["user", "movie", "rating"]].to_numpy()]
    )
    train = coded_ratings(TRAIN, ["a", "b", "c"])
    ids = {name: train[name].dtype for name in ("user", "movie")}
    stored(folder / "leave_last", part_of(train, asked_about(held_out.astype(ids))))
    costs = {"prompt_tokens": 100, "completion_tokens": 10, "seconds": 0.5}
    rows = ranked().assign(
        seed=-1, part="test", protocol="asked", status="ok", repaired=[False] * 3 + [True] * 2, **costs
    )
    path = folder / "rank_films/leave_last/big/listwise.parquet"
    write_table(rows.assign(**changes).astype({"user": "category", "movie": "category"}), path)
    place = {"split": "leave_last", "protocol": "asked", "ties": "by_id", "users_set": "llm"}
    metrics = pd.DataFrame([place | {"ranker": "big/listwise", "metric": "ndcg", "k": 3, "value": 0.9}])
    pair = place | {"ranker": "ease", "other": "big/listwise", "metric": "ndcg", "smallest": 0.04}
    memory = pd.DataFrame({"model": ["big"], "question": ["year"], "row_kind": ["system"], "value": [0.7]})
    before = Scored(metrics, pd.DataFrame([pair]), memory, {"big": Prices(2.0, 10.0, "2026-11-01")})
    files = [folder / f"leave_last/{name}.parquet" for name in TABLES]
    table, by_place = diagnose(files, [path], before, seed=0)
    (row,) = table.to_dict("records")
    return pd.Series(row), by_place


def test_one_row_tells_of_a_ranker_and_a_protocol(tmp_path: Path) -> None:
    row, by_place = run(tmp_path)
    assert row[["ranker", "model", "split", "protocol"]].tolist() == [
        "big/listwise",
        "big",
        "leave_last",
        "asked",
    ]
    assert row[["users", "orders"]].tolist() == [2, 2]
    assert row["spread"] == pytest.approx((1 - REVERSED_NDCG) / np.sqrt(2))
    assert row["user_spread"] == pytest.approx(row["spread"])
    assert (row["echo"], row["first_less_last"]) == pytest.approx((0.0, 0.0))  # 1 and -1
    assert row["popularity"] == pytest.approx(np.mean([0.0, -1.0]))  # b has two ratings, a and c one each
    assert (row["unreadable_before"], row["unreadable_after"]) == (0.5, 0.5)
    assert (row["ndcg"], row["smallest"], row["memory_year"]) == (0.9, 0.04, 0.7)
    assert np.isnan(row["memory_genres"])
    assert (row["prompt_tokens"], row["completion_tokens"], row["seconds"]) == (250.0, 25.0, 1.25)
    assert row["usd"] == pytest.approx((250 * 2 + 25 * 10) / 1e6)
    everything = by_place[by_place["films"] == "all"]
    assert everything["place"].tolist() == [1, 2, 3]
    assert everything["put"].tolist() == pytest.approx(
        [0.5, 0.75, 0.0]
    )  # v: the film shown second is put first


def test_where_films_are_asked_about_one_at_a_time_no_order_can_count(tmp_path: Path) -> None:
    empty = pd.Series([[] for _ in range(len(TRUTH))])
    row, by_place = run(tmp_path, places=empty, order_scores=empty)
    assert row[["orders", "spread", "user_spread"]].tolist() == [0, 0.0, 0.0]
    assert row[["echo", "first_less_last"]].isna().all()
    assert by_place.empty


def test_nothing_is_diagnosed_where_no_language_model_ranks() -> None:
    columns = [
        "split",
        "protocol",
        "ties",
        "users_set",
        "ranker",
        "other",
        "metric",
        "k",
        "value",
        "smallest",
    ]
    empty = pd.DataFrame(columns=columns)
    table, by_place = diagnose([], [], Scored(empty, empty, empty, {}), seed=0)
    assert table.empty
    assert by_place.empty
