"""Ranking metrics against values by hand, brute force over all orders, and scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, permutations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from trailerflow.recommendations.metrics import average_precision, ndcg, pair_accuracy, reciprocal_rank

RATINGS = st.lists(st.integers(1, 5), min_size=2, max_size=5)


def scored_ratings() -> st.SearchStrategy[tuple[list[int], list[int], int]]:
    """Ratings, scores with many ties, and a cut-off."""
    return RATINGS.flatmap(
        lambda ratings: st.tuples(
            st.just(ratings),
            st.lists(st.integers(0, 3), min_size=len(ratings), max_size=len(ratings)),
            st.integers(1, len(ratings) + 1),
        )
    )


def orders(scores: list[int]) -> list[tuple[int, ...]]:
    """Every order of the films in which no better-scored one stands behind."""
    return [
        order
        for order in permutations(range(len(scores)))
        if all(scores[a] >= scores[b] for a, b in pairwise(order))
    ]


def brute_ndcg(ratings: list[int], order: tuple[int, ...], k: int) -> float:
    gains = [2.0**rating - 1 for rating in ratings]
    discounts = [1 / np.log2(2 + place) for place in range(k)]
    found = sum(d * gains[film] for d, film in zip(discounts, order, strict=False))
    return float(found / sum(d * g for d, g in zip(discounts, sorted(gains, reverse=True), strict=False)))


def brute_precision(liked: list[bool], order: tuple[int, ...], k: int) -> float:
    hits, total = 0, 0.0
    for rank, film in enumerate(order[:k], start=1):
        hits += liked[film]
        total += liked[film] * hits / rank
    return total / min(sum(liked), k)


def brute_reciprocal(liked: list[bool], order: tuple[int, ...], k: int) -> float:
    return next((1 / rank for rank, film in enumerate(order[:k], start=1) if liked[film]), 0.0)


@given(scored_ratings())
@settings(deadline=None)
def test_ndcg_is_scikit_learns_and_the_mean_over_the_orders_of_tied_films(
    case: tuple[list[int], list[int], int],
) -> None:
    ratings, scores, k = case
    value = ndcg(ratings, scores, k)
    gains = 2.0 ** np.array([ratings]) - 1
    assert value == pytest.approx(ndcg_score(gains, np.array([scores]), k=k))
    assert value == pytest.approx(np.mean([brute_ndcg(ratings, order, k) for order in orders(scores)]))
    assert 0 <= value <= 1 + 1e-12


@pytest.mark.parametrize(
    ("metric", "brute"), [(average_precision, brute_precision), (reciprocal_rank, brute_reciprocal)]
)
@given(case=scored_ratings())
@settings(deadline=None)
def test_metrics_of_liked_films_are_the_mean_over_the_orders_of_tied_films(
    metric: Callable[..., float], brute: Callable[..., float], case: tuple[list[int], list[int], int]
) -> None:
    ratings, scores, k = case
    liked = [rating >= 4 for rating in ratings]
    if not any(liked):
        with pytest.raises(ValueError, match="at least one film must be relevant"):
            metric(liked, scores, k)
        return
    value = metric(liked, scores, k)
    assert value == pytest.approx(np.mean([brute(liked, order, k) for order in orders(scores)]))
    assert 0 <= value <= 1 + 1e-12


@given(scored_ratings())
def test_pair_accuracy_counts_pairs(case: tuple[list[int], list[int], int]) -> None:
    ratings, scores, _ = case
    pairs = [
        (a, b) for a, b in product(range(len(ratings)), repeat=2) if ratings[a] > ratings[b]
    ]  # the first film of a pair is the one the user preferred
    if not pairs:
        with pytest.raises(ValueError, match="two ratings that differ"):
            pair_accuracy(ratings, scores)
        return
    right = sum((scores[a] > scores[b]) + (scores[a] == scores[b]) / 2 for a, b in pairs)
    assert pair_accuracy(ratings, scores) == pytest.approx(right / len(pairs))


@given(scored_ratings(), st.randoms(use_true_random=False))
def test_the_order_in_which_films_are_given_does_not_matter(
    case: tuple[list[int], list[int], int], random: Random
) -> None:
    ratings, scores, k = case
    places = list(range(len(ratings)))
    random.shuffle(places)
    moved = [ratings[place] for place in places], [scores[place] for place in places]
    assert ndcg(*moved, k) == pytest.approx(ndcg(ratings, scores, k))
    if max(ratings) >= 4:
        flags, moved_flags = np.array(ratings) >= 4, np.array(moved[0]) >= 4
        for metric in (average_precision, reciprocal_rank):
            assert metric(moved_flags, moved[1], k) == pytest.approx(metric(flags, scores, k))


@given(scored_ratings())
def test_no_order_beats_the_oracle(case: tuple[list[int], list[int], int]) -> None:
    ratings, scores, k = case
    assert ndcg(ratings, ratings, k) == pytest.approx(1)
    liked = np.array(ratings) >= 4
    if liked.any():
        for metric in (average_precision, reciprocal_rank):
            assert metric(liked, ratings, k) == pytest.approx(1)
            assert metric(liked, scores, k) <= 1 + 1e-12


def test_values_by_hand() -> None:
    # Ranked: liked, not, liked -> (1/1 + 2/3) / 2.
    assert average_precision([True, False, True], [3, 2, 1], k=3) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([True, False, True], [3, 2, 1], k=2) == pytest.approx(1 / 2)
    assert reciprocal_rank([False, True, True], [3, 2, 1], k=3) == pytest.approx(1 / 2)
    assert reciprocal_rank([False, True, True], [3, 2, 1], k=1) == 0
    # One liked film of five in a random order: the published protocol's chance MRR, .457.
    assert reciprocal_rank([True] + [False] * 4, [0] * 5, k=5) == pytest.approx(0.45667, abs=1e-5)
    # Gains 7, 3 and 0 for ratings 3, 2 and 0, ranked worst first.
    worst = (0 + 3 / np.log2(3) + 7 / 2) / (7 + 3 / np.log2(3))
    assert ndcg([3, 2, 0], [1, 2, 3], k=3) == pytest.approx(worst)
    assert ndcg([0, 0], [1, 2], k=2) == 1


@pytest.mark.parametrize(
    ("ratings", "scores", "k", "message"),
    [
        ([1, 2], [1], 2, "shapes"),
        ([1, 2], [1, float("nan")], 2, "finite"),
        ([1, 2], [1, float("inf")], 2, "finite"),
        ([1, 2], [1, 2], 0, "k must be at least 1"),
    ],
)
def test_what_cannot_be_scored_is_refused(
    ratings: list[float], scores: list[float], k: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ndcg(ratings, scores, k)
