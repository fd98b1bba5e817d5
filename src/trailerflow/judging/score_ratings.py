"""How ratings come out by system, and how far raters agree."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import combinations

import krippendorff
import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import cohen_kappa_score

from trailerflow.judging.pairs import AS_DRAWN, CRITERIA, RATINGS, SWAPPED
from trailerflow.statistics import bootstrap_interval, bootstrap_statistic

ALL = "all"
UNIT = ["movie", "pair", "model", "prompt", "criterion"]
"""What is rated: one summary of a pair, by one criterion."""

AGREEMENT_COLUMNS = ("who", "criterion", "measure", "value", "low", "high", "units", "raters", "note")
RATING_COLUMNS = ("kind", "model", "prompt", "criterion", "mean", "low", "high", "movies", "raters")


def mean_ratings(ratings: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Mean rating of each system, by criterion and over all of them.

    Args:
        ratings: See `trailerflow.judging.pairs.RATING_TYPES`. What the judge rated in one order only is left out.
        seed: Seed of the bootstrap over movies.

    Returns:
        Columns kind (judge or person), model, prompt, criterion, mean, low, high (a 95 % bootstrap interval over movies,
        missing for fewer than two), movies and raters.
    """
    rows = []
    for criterion, group in _criteria(_in_both_orders(ratings)):
        for (kind, model, prompt), given in group.groupby(["kind", "model", "prompt"], sort=False):
            movies = given.groupby("movie")["rating"].mean().to_numpy(dtype=float)
            low, high = bootstrap_interval(movies, seed=seed)
            rows.append(
                {
                    "kind": kind, "model": model, "prompt": prompt, "criterion": criterion, "mean": movies.mean(),
                    "low": low, "high": high, "movies": len(movies), "raters": given["rater"].nunique(),
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(RATING_COLUMNS))


def agreement_table(ratings: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """How far raters agree: people with each other, the judge with itself when the pair is swapped, and with people.

    Krippendorff's alpha for ordinal ratings (Krippendorff, Computing Krippendorff's alpha-reliability, 2011): 1 is
    agreement, 0 what chance gives. For each two people also Cohen's kappa with quadratic weights. For the judge also the
    position bias, the mean rating of the first place less that of the second, and how often both orders prefer the
    same summary.

    Args:
        ratings: See `trailerflow.judging.pairs.RATING_TYPES`. What the judge rated in one order only is left out.
        seed: Seed of the bootstrap over movies.

    Returns:
        Columns who, criterion, measure, value, low, high, units (what both or all rated), raters and note, which says why a
        value is missing.
    """
    judged = ratings.loc[ratings["kind"] == "judge", "pair"].nunique()
    ratings = _in_both_orders(ratings)
    judge = ratings[ratings["kind"] == "judge"]
    left_out = judged - judge["pair"].nunique()
    rows = []
    for criterion, group in _criteria(ratings):
        by_person = _wide(group[group["kind"] == "person"], "rater")
        by_order = _wide(group[group["kind"] == "judge"], "order")
        rows.append(_alpha("people", criterion, by_person, seed))
        rows.append(_alpha("the judge with itself, swapped", criterion, by_order, seed))
        both = pd.DataFrame({"judge": by_order.mean(axis=1), "people": by_person.mean(axis=1)})
        rows.append(_alpha("the judge with people", criterion, both.dropna().round(), seed))
        rows += [
            _kappa(f"{one} and {other}", criterion, by_person[[one, other]].dropna())
            for one, other in combinations(by_person.columns, 2)
        ]
    note = f"judged in one order only and left out: {left_out}" if left_out else ""
    rows += [row | {"note": note} for row in (*_position_bias(judge, seed), *_same_preference(judge, seed))]
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))


def ordinal_alpha(ratings: npt.NDArray[np.float64]) -> float:
    """Krippendorff's alpha for ordinal ratings.

    Args:
        ratings: Shape (raters, units), NaN where a rater did not rate.

    Returns:
        Alpha, or NaN where no unit has two ratings or all ratings are equal, so that there is nothing to agree on.
    """
    told = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    values = told[~np.isnan(told)]
    if not values.size or np.all(values == values[0]):
        return float("nan")
    return float(
        krippendorff.alpha(
            told, level_of_measurement="ordinal", value_domain=[float(each) for each in RATINGS]
        )
    )


def _in_both_orders(ratings: pd.DataFrame) -> pd.DataFrame:
    """The ratings without those of a judge that rated a pair in one order only: a preferred place would not cancel."""
    judge = ratings["kind"] == "judge"
    orders = ratings[judge].groupby("pair")["order"].nunique()
    return ratings[~judge | ratings["pair"].isin(orders[orders == 2].index)]


def _criteria(ratings: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The ratings of each criterion, and all of them."""
    for criterion in CRITERIA:
        yield criterion, ratings[ratings["criterion"] == criterion]
    yield ALL, ratings


def _wide(ratings: pd.DataFrame, raters: str) -> pd.DataFrame:
    """A row for what is rated, a column for each rater (or order)."""
    return ratings.pivot_table(index=UNIT, columns=raters, values="rating", aggfunc="mean").astype(float)


def _alpha(who: str, criterion: str, wide: pd.DataFrame, seed: int) -> dict[str, object]:
    table = wide.to_numpy(dtype=float).T
    enough = (~np.isnan(table)).sum(axis=0) >= 2 if table.size else np.zeros(0, dtype=bool)
    table = table[:, enough] if table.size else table
    movies = wide.index.get_level_values("movie")[enough] if table.size else wide.index
    value = ordinal_alpha(table) if table.size else float("nan")
    low = high = float("nan")
    if not np.isnan(value):
        # Movies are drawn, each with all that was rated of it: a rater who likes a summary likes all about it.
        columns = [np.flatnonzero(movies == movie) for movie in movies.unique()]
        low, high = bootstrap_statistic(
            len(columns),
            lambda drawn: ordinal_alpha(table[:, np.concatenate([columns[number] for number in drawn])]),
            seed=seed,
        )
    note = "" if not np.isnan(value) else _why_missing(table)
    return {
        "who": who, "criterion": criterion, "measure": "Krippendorff's alpha", "value": value, "low": low, "high": high,
        "units": int(enough.sum()), "raters": wide.shape[1], "note": note,
    }  # fmt: skip


def _why_missing(table: npt.NDArray[np.float64]) -> str:
    return "all ratings are equal" if table.size else "nothing was rated twice"


def _kappa(who: str, criterion: str, both: pd.DataFrame) -> dict[str, object]:
    value = float("nan")
    if len(both):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one rating alone: the value is NaN, and the note says why
            value = float(
                cohen_kappa_score(*both.astype(int).to_numpy().T, labels=list(RATINGS), weights="quadratic")
            )
    note = "" if not np.isnan(value) else _why_missing(both.to_numpy(dtype=float))
    return {
        "who": who, "criterion": criterion, "measure": "Cohen's kappa, quadratic", "value": value, "low": np.nan,
        "high": np.nan, "units": len(both), "raters": 2, "note": note,
    }  # fmt: skip


def _position_bias(judge: pd.DataFrame, seed: int) -> Iterator[dict[str, object]]:
    """By how much the judge rates what stands first higher than what stands second, over both orders."""
    by_place = judge.pivot_table(index="movie", columns="position", values="rating", aggfunc="mean").astype(
        float
    )
    if by_place.empty:
        return
    differences = (by_place["first"] - by_place["second"]).to_numpy()
    low, high = bootstrap_interval(differences, seed=seed)
    yield {
        "who": "the judge", "criterion": ALL, "measure": "first place less second, in points",
        "value": differences.mean(), "low": low, "high": high, "units": judge["pair"].nunique(), "raters": 1,
    }  # fmt: skip


def _same_preference(judge: pd.DataFrame, seed: int) -> Iterator[dict[str, object]]:
    """How often the judge prefers the same summary (or none) in both orders."""
    sums = judge.groupby(["movie", "pair", "order", "model", "prompt"])["rating"].sum().reset_index()
    agree: dict[str, list[float]] = {}
    for (movie, _), group in sums.groupby(["movie", "pair"]):
        by_order = {
            order: part.sort_values(["model", "prompt"])["rating"].tolist()
            for order, part in group.groupby("order")
        }
        if set(by_order) == {AS_DRAWN, SWAPPED} and all(len(two) == 2 for two in by_order.values()):
            signs = {order: np.sign(two[0] - two[1]) for order, two in by_order.items()}
            agree.setdefault(str(movie), []).append(float(signs[AS_DRAWN] == signs[SWAPPED]))
    if agree:
        shares = [float(np.mean(same)) for same in agree.values()]
        low, high = bootstrap_interval(shares, seed=seed)
        yield {
            "who": "the judge", "criterion": ALL, "measure": "same preference in both orders, share",
            "value": np.mean(shares), "low": low, "high": high, "units": sum(map(len, agree.values())), "raters": 1,
        }  # fmt: skip
