"""Every metric of places: values by hand, against a plain loop over the ranks, and as the mean over the orders of tied films."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.metrics.contract import PlaceMetric
from trailerflow.recommendations.metrics.gains import FoundNdcg, LinearNdcg, Ndcg
from trailerflow.recommendations.metrics.pairs import PairAccuracy
from trailerflow.recommendations.metrics.relevance import (
    AveragePrecision,
    CandidateRecall,
    HitRate,
    Precision,
    Recall,
    ReciprocalRank,
)
from trailerflow.recommendations.protocol_metrics import OWN, measures_of
from trailerflow.recommendations.protocols.contract import FIND, ORDER
from unit.recommendations.metrics.cases import Ranked, placed_of, rankings
from unit.recommendations.metrics.test_true_places import TRUE_PLACES

Ratings = Sequence[float | None]
"""Ratings by rank, None for a candidate that is not of the truth."""


def gains_over_best(gains: Sequence[float], k: int) -> float:
    def total(values: Sequence[float]) -> float:
        return sum(value / math.log2(1 + rank) for rank, value in enumerate(values[:k], start=1))

    if len(set(gains)) < 2:
        return math.nan
    return total(gains) / total(sorted(gains, reverse=True))


def of_relevant(liked: bool, plain: Callable[[list[bool], int], float]) -> Callable[[Ratings, int], float]:
    def figure(ratings: Ratings, k: int) -> float:
        least = LIKED_RATING if liked else 0
        flags = [rating is not None and rating >= least for rating in ratings]
        return plain(flags, k) if any(flags) and not all(flags) else math.nan

    return figure


def precision_at_hits(flags: list[bool], k: int) -> float:
    hits = [rank for rank, flag in enumerate(flags[:k], start=1) if flag]
    return sum(number / rank for number, rank in enumerate(hits, start=1)) / min(sum(flags), k)


def first_hit(flags: list[bool], k: int) -> float:
    return next((1 / rank for rank, flag in enumerate(flags[:k], start=1) if flag), 0.0)


def pairs_in_order(ratings: Ratings, k: int) -> float:
    given_ratings = [rating for rating in ratings if rating is not None]
    pairs = [
        (above, below)
        for place, above in enumerate(given_ratings)
        for below in given_ratings[place + 1 :]
        if above != below
    ]
    return sum(above > below for above, below in pairs) / len(pairs) if pairs else math.nan


RELEVANT: dict[type[PlaceMetric], Callable[[list[bool], int], float]] = {
    AveragePrecision: precision_at_hits,
    ReciprocalRank: first_hit,
    Recall: lambda flags, k: sum(flags[:k]) / sum(flags),
    Precision: lambda flags, k: sum(flags[:k]) / k,
    HitRate: lambda flags, k: float(any(flags[:k])),
    CandidateRecall: lambda flags, k: 1.0,
}

CASES: list[tuple[PlaceMetric, Callable[[Ratings, int], float], bool]] = [
    (Ndcg(), lambda ratings, k: gains_over_best([2.0**each - 1 for each in ratings if each], k), True),
    (LinearNdcg(), lambda ratings, k: gains_over_best([each for each in ratings if each], k), True),
    (
        FoundNdcg(),
        lambda ratings, k: gains_over_best([float(each is not None) for each in ratings], k),
        False,
    ),
    (PairAccuracy(), pairs_in_order, True),
    *((kind(liked=True), of_relevant(True, plain), True) for kind, plain in RELEVANT.items()),
    *((kind(liked=False), of_relevant(False, plain), False) for kind, plain in RELEVANT.items()),
]
"""A metric, the figure of one order by a plain loop, and whether all candidates are of the truth. A metric that joins has a
line here."""

each_metric = pytest.mark.parametrize(("metric", "plain", "ordered"), CASES)


def test_every_metric_of_a_protocol_is_passed_through_this_suite() -> None:
    measures = [
        *measures_of("", ORDER, 5),
        *measures_of("", FIND, 5),
        *(one for own in OWN.values() for one in own),
    ]
    judged_by_places = {type(metric) for metric, _ in TRUE_PLACES}
    assert {type(each.metric) for each in measures} <= judged_by_places | {
        type(metric) for metric, _, _ in CASES
    }
    assert all(metric.name and metric.source for metric, _, _ in CASES)


@each_metric
@given(data=st.data(), k=st.integers(1, 6))
@settings(deadline=None, max_examples=40)
def test_ties_are_the_mean_over_all_orders_of_the_tied_films(metric, plain, ordered, data, k) -> None:
    questions = data.draw(st.lists(rankings(ordered=ordered), min_size=1, max_size=2))
    found = metric.figures(placed_of(*questions), k)
    expected = [np.mean([plain(one.by_rank(), k) for one in question.untied()]) for question in questions]
    assert found == pytest.approx(expected, nan_ok=True, abs=1e-9)
    assert np.nan_to_num(found).min() >= -1e-12 and np.nan_to_num(found).max() <= 1 + 1e-12


@each_metric
@given(data=st.data(), k=st.integers(1, 6))
@settings(deadline=None, max_examples=40)
def test_no_order_is_better_than_that_of_the_ratings(metric, plain, ordered, data, k) -> None:
    question = data.draw(rankings(ordered=ordered))
    best = Ranked(question.ratings, [rating or 0.0 for rating in question.ratings])
    least, most = (metric.figures(placed_of(one), k)[0] for one in (question, best))
    assert math.isnan(least) == math.isnan(most)
    assert math.isnan(most) or most >= least - 1e-9


@each_metric
def test_films_that_were_no_candidates_are_not_found(metric, plain, ordered) -> None:
    if ordered:
        pytest.skip("all films of the truth are candidates")
    placed = placed_of(Ranked([5.0, 4.0, None, None], [2, 1, 0, 0]))
    nowhere = placed_of(Ranked([5.0, 4.0, None, None], [2, 1, 0, 0]))
    nowhere.order[:], nowhere.tied[:], nowhere.retrieved[:] = 0, 0, 0
    assert metric.figures(nowhere, 3) == pytest.approx([0.0])
    assert metric.figures(placed, 3)[0] > 0


@given(rankings(ordered=True), st.integers(1, 5))
@settings(deadline=None, max_examples=40)
def test_ndcg_is_scikit_learns(question: Ranked, k: int) -> None:
    if len(set(question.ratings)) < 2:
        return
    ratings = np.array([question.ratings], dtype=float)
    for metric, gains in ((Ndcg(), 2**ratings - 1), (LinearNdcg(), ratings)):
        theirs = ndcg_score(gains, np.array([question.scores]), k=k)
        assert metric.figures(placed_of(question), k)[0] == pytest.approx(theirs)


def test_values_by_hand() -> None:
    def figure(metric: PlaceMetric, ratings: Ratings, scores: Sequence[float], k: int) -> float:
        return float(metric.figures(placed_of(Ranked(ratings, scores)), k)[0])

    precision, reciprocal = AveragePrecision(liked=True), ReciprocalRank(liked=True)
    # Ranked: liked, not, liked -> (1/1 + 2/3) / 2.
    assert figure(precision, [5, 1, 4], [3, 2, 1], 3) == pytest.approx((1 + 2 / 3) / 2)
    assert figure(precision, [5, 1, 4], [3, 2, 1], 2) == pytest.approx(1 / 2)
    assert figure(reciprocal, [1, 5, 5], [3, 2, 1], 3) == pytest.approx(1 / 2)
    assert figure(reciprocal, [1, 5, 5], [3, 2, 1], 1) == 0
    # One liked film of five in a random order: the student report's chance MRR, .457.
    assert figure(reciprocal, [5, 1, 1, 1, 1], [0] * 5, 5) == pytest.approx(0.45667, abs=1e-5)
    # Gains 7, 3 and 1 for ratings 3, 2 and 1, ranked worst first.
    worst = (1 + 3 / np.log2(3) + 7 / 2) / (7 + 3 / np.log2(3) + 1 / 2)
    assert figure(Ndcg(), [3, 2, 1], [1, 2, 3], 3) == pytest.approx(worst)
    assert figure(PairAccuracy(), [5, 3, 3], [2, 1, 2], 1) == 0.75
    # Two of eight candidates, in a random order: the chance that one is among the first three is 1 - (6 5 4)/(8 7 6).
    ratings = [5.0, 5.0, *[None] * 6]
    assert figure(HitRate(liked=False), ratings, [0] * 8, 3) == pytest.approx(1 - 20 / 56)
    assert figure(Recall(liked=False), ratings, [0] * 8, 3) == pytest.approx(3 / 8)
    assert figure(Precision(liked=False), ratings, [0] * 8, 3) == pytest.approx(2 / 8)


def test_films_of_several_questions_do_not_mix() -> None:
    one, other = Ranked([5, 1, 4], [3, 2, 1]), Ranked([2, 3, 5], [1, 1, 1])
    for metric, _, ordered in CASES:
        if ordered:
            together = metric.figures(placed_of(one, other), 2)
            apart = [metric.figures(placed_of(each), 2)[0] for each in (one, other)]
            assert together == pytest.approx(apart)
