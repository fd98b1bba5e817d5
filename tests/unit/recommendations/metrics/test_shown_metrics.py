"""Metrics of what is shown: by hand, and as the mean over the orders of tied films."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailerflow.recommendations.metrics.shown import Coverage, DistinctFilms, Diversity
from trailerflow.recommendations.protocol_metrics import CATALOGUE_METRICS, SHOWN_METRICS
from unit.recommendations.metrics.cases import Ranked, shown_of

GENRES = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]], dtype=float)
POPULARITY = [0.5, 0.25, 0.5, 0.0]


def by_hand(films: tuple[int, ...]) -> dict[str, float]:
    """The figures of a list of films."""
    popularity = np.mean([POPULARITY[film] for film in films])
    bits = np.mean([-log2(max(POPULARITY[film], 0.1)) for film in films])
    alike = []
    for one, other in combinations(films, 2):
        size = np.linalg.norm(GENRES[one]) * np.linalg.norm(GENRES[other])
        alike.append(GENRES[one] @ GENRES[other] / size if size else 0.0)
    return {
        "novelty": float(bits),
        "diversity": 1 - float(np.mean(alike)) if alike else np.nan,
        "popularity": float(popularity),
        "popularity_bias": float(popularity) - 0.25,
    }


def first(scores: list[float], k: int) -> list[tuple[int, ...]]:
    """The first films of every order of the tied films."""
    return [order[:k] for order in Ranked(scores, scores).orders()]


SCORES = st.lists(st.integers(0, 2).map(float), min_size=4, max_size=4)


@pytest.mark.parametrize("metric", SHOWN_METRICS, ids=lambda metric: metric.name)
@given(scores=SCORES, k=st.integers(1, 4))
@settings(deadline=None, max_examples=50)
def test_a_users_figure_is_the_mean_over_the_orders_of_tied_films(metric, scores, k) -> None:
    assert metric.source
    expected = np.mean([by_hand(films)[metric.name] for films in first(scores, k)])
    found = metric.figures(shown_of(GENRES, POPULARITY, scores, [4, 3, 2, 1]), k)
    assert found[0] == pytest.approx(expected, nan_ok=True)
    assert found[1] == pytest.approx(by_hand((0, 1, 2, 3)[:k])[metric.name], nan_ok=True)


@pytest.mark.parametrize("metric", CATALOGUE_METRICS, ids=lambda metric: metric.name)
@given(scores=SCORES, others=SCORES, k=st.integers(1, 3))
@settings(deadline=None, max_examples=50)
def test_films_that_are_shown_to_all_users_are_counted_once(metric, scores, others, k) -> None:
    assert metric.source
    lists = product(first(scores, k), first(others, k))
    distinct = np.mean([len({*one, *other}) for one, other in lists])
    expected = {"distinct_films": distinct, "coverage": distinct / 4}[metric.name]
    assert metric.figure(shown_of(GENRES, POPULARITY, scores, others), k) == pytest.approx(expected)


def test_a_list_that_holds_some_films_of_a_group_of_ties_stands_for_the_group() -> None:
    # Of ten films with one score a retriever wrote four, of which two are shown.
    shown = shown_of(GENRES, POPULARITY, [1, 1, 1, 1])
    shown.tied[:] = 9
    assert shown.chances(2).tolist() == [0.5] * 4
    assert shown.chances(6).tolist() == [1.0] * 4
    pairs = [by_hand(pair)["diversity"] for pair in combinations(range(4), 2)]
    assert Diversity().figures(shown, 2)[0] == pytest.approx(np.mean(pairs))


def test_who_shows_nothing_has_no_figure() -> None:
    shown = shown_of(GENRES, POPULARITY, [1, 1, 1, 1])
    rows = np.array([], dtype=np.int64)
    nothing = replace(shown, question=rows, film=rows, order=rows, tied=rows)
    assert DistinctFilms().figure(nothing, 2) == 0
    assert Coverage().figure(shown, 4) == 1
    for metric in SHOWN_METRICS:
        assert np.isnan(metric.figures(nothing, 2)).tolist() == [True]
    assert np.isnan(Diversity().figures(shown, 1)).all()  # one film alone
