"""What a language model's single orders say: whether it repeats what it was shown, and how high it puts each place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import kendalltau

from trailerflow.recommendations.answers import answers_of
from trailerflow.recommendations.judged import Judged
from trailerflow.recommendations.metrics.arrays import Floats
from trailerflow.recommendations.protocol_metrics import compared_measures
from trailerflow.recommendations.ranking_rows import places

QUESTION = ["fold", "seed", "user"]
"""What names a question of a protocol."""

FILM = [*QUESTION, "movie"]


def single_orders(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each time that a film was shown in a list.

    Args:
        rows: A ranker's rows of one protocol: `FILM`, places and order_scores, see `docs/recommendations.md`.

    Returns:
        `FILM`; number, of the order; shown, the place from 0; given, the score; and put, the share of the list's other films
        that the film is put above, an equal one counting half. An order that could not be read is left out.
    """
    listed = rows.loc[[_length(value) > 0 for value in rows["places"]], [*FILM, "places", "order_scores"]]
    long = listed.astype(dict.fromkeys(("user", "movie"), object)).explode(["places", "order_scores"])
    long = long.rename(columns={"places": "shown", "order_scores": "given"}).reset_index(drop=True)
    long = long.astype({"shown": int, "given": float})
    long["number"] = long.groupby(FILM, sort=False).cumcount()
    by_order = long.groupby([*QUESTION, "number"], sort=False)["given"]
    unread = by_order.transform(lambda scores: scores.isna().any()).astype(bool)
    others = by_order.transform("size") - 1
    long["put"] = (by_order.rank(method="average") - 1) / others.where(others > 0)
    return long[~unread].reset_index(drop=True)


def _length(value: object) -> int:
    return len(value) if isinstance(value, list | tuple | np.ndarray) else 0


def echo_of_users(orders: pd.DataFrame) -> pd.Series:
    """Kendall's tau-b of the order shown and the order given, the mean over each user's lists; 1 repeats what was shown.

    Args:
        orders: See `single_orders`.
    """
    tau = {
        key: kendalltau(-own["shown"], own["given"]).statistic
        for key, own in orders.groupby([*QUESTION, "number"], sort=False)
        if len(own) > 1
    }
    index = pd.MultiIndex.from_tuples(list(tau), names=[*QUESTION, "number"])
    return pd.Series(list(tau.values()), index, dtype=float).groupby("user", sort=False).mean().dropna()


def put_by_place(orders: pd.DataFrame) -> pd.DataFrame:
    """How high films are put that were shown at each place: a row a user, a column a place, NaN where none was.

    Args:
        orders: See `single_orders`.
    """
    return orders.pivot_table(index="user", columns="shown", values="put", aggfunc="mean", sort=True)


def best_by_place(orders: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """The same of the films alone that the user rated best.

    Args:
        orders: See `single_orders`.
        truth: `FILM` and rating.
    """
    best = truth[truth["rating"] == truth.groupby(QUESTION, observed=True)["rating"].transform("max")]
    best = best.astype(dict.fromkeys(("user", "movie"), object))
    return put_by_place(orders.merge(best[FILM], on=FILM))


def ndcg_of_orders(rows: pd.DataFrame, orders: pd.DataFrame, judged: Judged) -> pd.DataFrame:
    """NDCG of each single order as if it were the ranking: a row a user, a column an order.

    Films that were not shown, such as those below the best ones that were reranked, keep their places.

    Args:
        rows: A ranker's rows of the protocol.
        orders: See `single_orders`.
        judged: The protocol.

    Returns:
        Of the users for whom every order was read.
    """
    measure = compared_measures(judged.task, judged.measures)[0]
    columns = {}
    for number, own in orders.groupby("number"):
        answers = answers_of(_ranked_by(rows, own), judged)
        figures: Floats = np.where(answers.asked & ~answers.lacking, measure.figures(answers.placed), np.nan)
        columns[number] = pd.Series(figures).groupby(judged.user).mean()
    return pd.DataFrame(columns).dropna()


def _ranked_by(rows: pd.DataFrame, order: pd.DataFrame) -> pd.DataFrame:
    """The rows with the places that one order gives; a film of a list that was not read has none."""
    given = order.set_index(FILM)["given"]
    keys = pd.MultiIndex.from_frame(rows[FILM].astype(dict.fromkeys(("user", "movie"), object)))
    scores = given.reindex(keys).to_numpy()
    listed = np.array([_length(value) > 0 for value in rows["places"]])
    place, tied = np.zeros(len(rows), dtype=int), np.zeros(len(rows), dtype=int)
    for _, positions in rows[listed].groupby(QUESTION, observed=True, sort=False).indices.items():
        own = np.flatnonzero(listed)[positions]
        place[own], tied[own] = places(scores[own])
    kept: dict[str, npt.NDArray[np.int64]] = {
        name: np.where(listed, found, rows[name].to_numpy(np.int64, na_value=0))
        for name, found in (("order", place), ("tied", tied))
    }
    return rows.assign(**{name: pd.array(values, dtype="Int32") for name, values in kept.items()})
