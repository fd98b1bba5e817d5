"""The diagnosis of every language model that ranks: one row for each, with the protocol that it was asked by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.llm.model import Prices
from trailerflow.recommendations.diagnosis.orders import (
    FILM,
    QUESTION,
    best_by_place,
    echo_of_users,
    ndcg_of_orders,
    put_by_place,
    single_orders,
)
from trailerflow.recommendations.judged import RANDOM, Judged, judged_splits
from trailerflow.recommendations.ranking_files import ranking_file
from trailerflow.recommendations.split_tables import SplitTables, stored_splits
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID
from trailerflow.row_kinds import SYSTEM
from trailerflow.statistics import bootstrap_interval
from trailerflow.tables import read_rows

COLUMN_TYPES = {
    "ranker": str,
    "model": str,
    "split": str,
    "protocol": str,
    "users": "Int64",
    "orders": "Int64",
    "ndcg": float,
    "smallest": float,
    "spread": float,
    "user_spread": float,
    "first_less_last": float,
    "first_less_last_low": float,
    "first_less_last_high": float,
    "echo": float,
    "echo_low": float,
    "echo_high": float,
    "popularity": float,
    "popularity_low": float,
    "popularity_high": float,
    "candidate_recall": float,
    "distinct_films": float,
    "unreadable_before": float,
    "unreadable_after": float,
    "memory_year": float,
    "memory_genres": float,
    "prompt_tokens": float,
    "completion_tokens": float,
    "seconds": float,
    "usd": float,
}
"""One row a ranker, split and protocol; see `NOTES`."""

PLACE_TYPES = {
    "ranker": str,
    "split": str,
    "protocol": str,
    "place": int,
    "films": str,
    "put": float,
    "low": float,
    "high": float,
    "users": int,
}
"""One row a place at which films were shown, from 1: how high they were put. ``films``: all of them, or the `BEST` ones."""

ALL, BEST = "all", "best"
"""All films, and those that the user rated best."""

NOTES = (
    "Of the test, over the users drawn for language models; intervals are 95 % bootstrap intervals over them.",
    "orders: lists that a user's films were shown in; 0 where films are asked about one at a time: no order can count.",
    "spread: standard deviation over the orders of their NDCG, the mean over users; user_spread: the mean over users of the "
    "standard deviation of each user's. Both are 0 by construction where films are asked about one at a time.",
    "put: share of the list's other films that a film is put above, .5 without any bias. first_less_last: that of the films "
    "shown first less that of those shown last. echo: Kendall's tau of the order shown and the order given.",
    "popularity: Spearman's correlation of a film's score and its number of training ratings, within the films of "
    "a user that it was asked about; it is the same for the logarithm of the number.",
    "unreadable_before, unreadable_after: share of users with an answer that was malformed, incomplete or missing, before "
    "its repair and after.",
    "memory_year, memory_genres: what the model has right by the title alone (probe_memory).",
    "prompt_tokens, completion_tokens, seconds and usd are those of one user; seconds of all requests, one after another.",
    "smallest: the smallest difference in NDCG to another ranker that could have been seen; the median over the others.",
)


@dataclass(frozen=True)
class Scored:
    """What was found before.

    Attributes:
        metrics: Table of ``score_rankings``.
        comparisons: Its pairs of rankers.
        memory: Tables of ``probe_memory``.
        prices: By model; None where they are not known.
    """

    metrics: pd.DataFrame
    comparisons: pd.DataFrame
    memory: pd.DataFrame
    prices: Mapping[str, Prices | None]


def diagnose(
    tables: Sequence[Path], rankings: Sequence[Path], scored: Scored, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Diagnose every language model that ranks.

    Args:
        tables: ``<split>/<table>.parquet`` of every split on which one ranks.
        rankings: Their tables of ``rank_films``.
        scored: What was found before.
        seed: Seed of the bootstrap.

    Returns:
        The diagnosis, see `COLUMN_TYPES`, and how high films are put by the place where they are shown, see `PLACE_TYPES`.

    Raises:
        TrailerflowError: A table is missing or damaged.
    """
    found: list[dict[str, object]] = []
    by_place: list[pd.DataFrame] = []
    splits = stored_splits(tables)
    for protocols in judged_splits(tables):
        for judged in protocols:
            for path in rankings:
                place = ranking_file(path)
                rows = (
                    read_rows(path, part=TEST, protocol=judged.protocol)
                    if place.split == judged.split
                    else None
                )
                if rows is None or not len(rows):
                    continue
                names = {"ranker": place.ranker, "split": judged.split, "protocol": judged.protocol}
                own = _one_arm(rows)
                orders = single_orders(own)
                found.append({**names, **_row(own, orders, judged, scored, place.ranker, seed)})
                truth = _truth(splits[judged.split], judged.protocol)
                by_place.append(_by_place(orders, truth, seed).assign(**names))
    table = pd.DataFrame(found, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
    places = pd.concat(by_place, ignore_index=True) if by_place else pd.DataFrame(columns=list(PLACE_TYPES))
    return table, places.reindex(columns=list(PLACE_TYPES)).astype(PLACE_TYPES)


def _one_arm(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose ties in time are broken at random, where there are any."""
    by_id = rows["seed"] == TIES_BY_ID
    return rows if by_id.all() else rows[~by_id].reset_index(drop=True)


def _truth(split: SplitTables, protocol: str) -> pd.DataFrame:
    return split.read("truth", columns=[*FILM, "rating"], part=TEST, protocol=protocol)


def _row(
    rows: pd.DataFrame, orders: pd.DataFrame, judged: Judged, scored: Scored, ranker: str, seed: int
) -> dict[str, object]:
    model = ranker.partition("/")[0]
    place = {"ranker": ranker, "split": judged.split, "protocol": judged.protocol}
    return {
        "model": model,
        "users": rows["user"].nunique(),
        "orders": orders["number"].nunique(),
        **_spread(rows, orders, judged),
        **_with_interval("first_less_last", _first_less_last(orders), seed),
        **_with_interval("echo", echo_of_users(orders), seed),
        **_with_interval("popularity", popularity_of_users(rows, judged), seed),
        **_unreadable(rows),
        **_costs(rows, scored.prices.get(model)),
        **_scored_before(place, scored),
        **{f"memory_{asked}": _remembered(scored.memory, model, asked) for asked in ("year", "genres")},
    }


def _spread(rows: pd.DataFrame, orders: pd.DataFrame, judged: Judged) -> dict[str, object]:
    """Of one order there is none to be told, and films asked about one at a time have no order."""
    if orders.empty:
        single = all(len(value) == 0 for value in rows["places"] if value is not None)
        return dict.fromkeys(("spread", "user_spread"), 0.0 if single else np.nan)
    figures = ndcg_of_orders(rows, orders, judged)
    if figures.shape[1] < 2 or figures.empty:
        return dict.fromkeys(("spread", "user_spread"), np.nan)
    return {"spread": figures.mean().std(ddof=1), "user_spread": figures.std(axis=1, ddof=1).mean()}


def _first_less_last(orders: pd.DataFrame) -> pd.Series:
    """How much higher a user's films are put where they are shown first than where they are shown last."""
    last = orders["shown"] == orders.groupby([*QUESTION, "number"], sort=False)["shown"].transform("max")
    ends = orders.assign(end=np.where(orders["shown"] == 0, "first", np.where(last, "last", "")))
    put = ends.pivot_table(index="user", columns="end", values="put").reindex(columns=["first", "last"])
    return (put["first"] - put["last"]).dropna()


def popularity_of_users(rows: pd.DataFrame, judged: Judged) -> pd.Series:
    """Spearman's correlation of a film's score and its popularity, within each user's films that the model was asked about.

    Args:
        rows: A ranker's rows of the protocol.
        judged: The protocol.
    """
    films = {movie: number for number, movie in enumerate(judged.movies)}
    parts = {key[1:]: number for number, key in enumerate(judged.parts)}
    found: dict[object, list[float]] = {}
    asked = rows["places"].notna()  # and not those below the best ones that were reranked
    shown = rows[asked & rows["retrieved"] & rows["score"].notna()]
    for (fold, seed, user), own in shown.groupby(QUESTION, observed=True, sort=False):
        popularity = judged.popularity[parts[fold, seed], [films[movie] for movie in own["movie"]]]
        ranks = pd.DataFrame({"score": own["score"].to_numpy(), "popularity": popularity}).rank()
        if (ranks.nunique() > 1).all():
            found.setdefault(user, []).append(float(ranks["score"].corr(ranks["popularity"])))
    return pd.Series({user: np.mean(values) for user, values in found.items()}, dtype=float)


def _with_interval(name: str, values: pd.Series, seed: int) -> dict[str, object]:
    low, high = bootstrap_interval(values, seed=seed)
    return {name: values.mean() if len(values) else np.nan, f"{name}_low": low, f"{name}_high": high}


def _unreadable(rows: pd.DataFrame) -> dict[str, object]:
    """Shares of the users."""
    unread = [
        value is not None and bool(np.isnan(np.asarray(value, dtype=float)).any())
        for value in rows["order_scores"]
    ]
    lost = (rows["status"] == "failed") | np.array(unread, dtype=bool)
    after = lost.groupby(rows["user"], observed=True).any()
    mended = rows["repaired"].fillna(False).astype(bool).groupby(rows["user"], observed=True).any()
    return {"unreadable_before": (after | mended).mean(), "unreadable_after": after.mean()}


def _costs(rows: pd.DataFrame, prices: Prices | None) -> dict[str, object]:
    """Of one user, over all that was asked about it in a part."""
    questions = len(rows[QUESTION].drop_duplicates())
    names = ("prompt_tokens", "completion_tokens", "seconds")
    costs = {name: float(rows[name].sum()) / questions for name in names}
    usd = np.nan if prices is None else prices.cost(costs["prompt_tokens"], costs["completion_tokens"])
    return {**costs, "usd": usd}


def _scored_before(place: Mapping[str, str], scored: Scored) -> dict[str, object]:
    """What other tables say of it, about the drawn users."""
    figures = _of_drawn(_at(scored.metrics, place))
    pairs = scored.comparisons
    where = {name: value for name, value in place.items() if name != "ranker"}
    pairs = pairs[(pairs["ranker"] == place["ranker"]) | (pairs["other"] == place["ranker"])]
    pairs = _of_drawn(_at(pairs[pairs["metric"] == "ndcg"], where))
    at = {name: figures[figures["metric"] == name] for name in ("ndcg", "candidate_recall", "distinct_films")}
    found = {
        name: np.nan if rows.empty else float(rows.sort_values("k")["value"].iloc[-1])
        for name, rows in at.items()
    }
    return {**found, "smallest": pairs["smallest"].median()}


def _at(table: pd.DataFrame, place: Mapping[str, str]) -> pd.DataFrame:
    for name, value in place.items():
        table = table[table[name] == value]
    random = table[table["ties"] == RANDOM]
    return random if len(random) else table


def _of_drawn(table: pd.DataFrame) -> pd.DataFrame:
    """The rows about the drawn users; where these are all users there are none apart."""
    drawn = table[table["users_set"] == "llm"]
    return drawn if len(drawn) else table


def _remembered(memory: pd.DataFrame, model: str, asked: str) -> float:
    """What a model has right by the title alone; NaN where it was not probed."""
    rows = memory[(memory["model"] == model) & (memory["question"] == asked) & (memory["row_kind"] == SYSTEM)]
    return float(rows["value"].iloc[0]) if len(rows) else np.nan


def _by_place(orders: pd.DataFrame, truth: pd.DataFrame, seed: int) -> pd.DataFrame:
    found = {ALL: put_by_place(orders), BEST: best_by_place(orders, truth)}
    rows = [row for films, table in found.items() for row in _rows_of_places(films, table, seed)]
    return pd.DataFrame(rows, columns=["films", "place", "put", "low", "high", "users"])


def _rows_of_places(films: str, table: pd.DataFrame, seed: int) -> Iterator[dict[str, object]]:
    for shown in table.columns:
        values = table[shown].dropna()
        low, high = bootstrap_interval(values, seed=seed)
        yield {
            "films": films,
            "place": int(shown) + 1,
            "put": values.mean(),
            "low": low,
            "high": high,
            "users": len(values),
        }
