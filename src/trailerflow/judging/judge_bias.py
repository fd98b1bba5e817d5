"""Whether the judge, beside whom people stand, prefers a place or a length to a summary."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.judging.pairs import AS_DRAWN, SWAPPED
from trailerflow.judging.rating_units import ALL
from trailerflow.statistics import bootstrap_interval, bootstrap_statistic

LENGTH_WORDS = 10
"""The slope on the length is told for so many words."""

LENGTH_MEASURE = f"points for {LENGTH_WORDS} words more"


def position_bias(judge: pd.DataFrame, seed: int) -> Iterator[dict[str, object]]:
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


def same_preference(judge: pd.DataFrame, seed: int) -> Iterator[dict[str, object]]:
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


def length_bias(ratings: pd.DataFrame, who: str, seed: int) -> Iterator[dict[str, object]]:
    """How many points a summary gains on the other one of its pair for each ten words that it is longer.

    The least-squares slope of the difference in points on the difference in words, each less its mean over the pairs of
    the same two systems: a system that writes better and longer summaries makes no slope, so that what is left is the
    length (the reason is that of Dubois et al., Length-controlled AlpacaEval, 2024). Where people have no such slope, the
    judge's is a bias.

    Args:
        ratings: Those of the judge in both orders, or those of people.
        who: Whose they are, for the row.
        seed: Seed of the bootstrap over movies.
    """
    pairs = _differences(ratings)
    if pairs.empty:
        return
    points, words = pairs["points"].to_numpy(dtype=float), pairs["words"].to_numpy(dtype=float)
    systems = pd.factorize(pairs["systems"])[0]
    value = LENGTH_WORDS * slope_within(points, words, systems)
    low = high = float("nan")
    if not np.isnan(value):
        movies = pd.factorize(pairs["movie"])[0]
        places = [np.flatnonzero(movies == movie) for movie in range(movies.max() + 1)]

        def drawn_slope(drawn: npt.NDArray[np.intp]) -> float:
            rows = np.concatenate([places[number] for number in drawn])
            return LENGTH_WORDS * slope_within(points[rows], words[rows], systems[rows])

        low, high = bootstrap_statistic(len(places), drawn_slope, seed=seed)
    yield {
        "who": who, "criterion": ALL, "measure": LENGTH_MEASURE, "value": value, "low": low, "high": high,
        "units": len(pairs), "raters": ratings["rater"].nunique(),
        "note": "the differences in length do not vary" if np.isnan(value) else "",
    }  # fmt: skip


def slope_within(
    points: npt.NDArray[np.float64], words: npt.NDArray[np.float64], groups: npt.NDArray[np.intp]
) -> float:
    """Least-squares slope of points on words, both centred within groups; NaN where words do not vary within any.

    Args:
        points: Shape (pairs,).
        words: Shape (pairs,).
        groups: Number of each pair's group from 0, shape (pairs,).
    """
    sizes = np.maximum(np.bincount(groups), 1)
    centred = [values - (np.bincount(groups, weights=values) / sizes)[groups] for values in (points, words)]
    spread = float(centred[1] @ centred[1])
    return float(centred[0] @ centred[1]) / spread if spread > 0 else float("nan")


def _differences(ratings: pd.DataFrame) -> pd.DataFrame:
    """A row a pair: its movie, its two systems in the order of their names, and the first less the second of these."""
    sides = (
        ratings.dropna(subset="words")
        .groupby(["movie", "pair", "model", "prompt"])
        .agg(points=("rating", "mean"), words=("words", "first"))
        .reset_index()
    )
    sides["system"] = sides["model"] + "/" + sides["prompt"]
    of_pair = sides.groupby(["movie", "pair"])
    one, other = (of_pair.nth(place).set_index(["movie", "pair"]) for place in (0, 1))
    one = one.loc[other.index]
    return pd.DataFrame(
        {
            "points": one["points"] - other["points"],
            "words": one["words"] - other["words"],
            "systems": one["system"] + " " + other["system"],
        }
    ).reset_index()
