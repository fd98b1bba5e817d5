"""Metrics by the true order of the candidates: by hand, by a plain loop over the ranks, and the report's chance figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailerflow.recommendations.metrics.contract import PlaceMetric
from trailerflow.recommendations.metrics.true_places import (
    FirstReciprocalRank,
    PaperPrecision,
    PaperReciprocalRank,
    PlaceNdcg,
    ReportPrecision,
)
from unit.recommendations.metrics.cases import Ranked, placed_of


def gains_over_best(places: Sequence[int], k: int) -> float:
    def total(values: Sequence[int]) -> float:
        return sum((len(places) - place) / log2(1 + rank) for rank, place in enumerate(values[:k], start=1))

    return total(places) / total(sorted(places))


TRUE_PLACES: list[tuple[PlaceMetric, Callable[[Sequence[int], int], float]]] = [
    (PlaceNdcg(), gains_over_best),
    (FirstReciprocalRank(), lambda places, k: 1 / (places.index(0) + 1) if places.index(0) < k else 0.0),
    (
        ReportPrecision(),
        lambda places, k: float(np.mean([rank / len(places) for rank in range(1, min(k, len(places)) + 1)])),
    ),
    (PaperPrecision(), lambda places, k: 1.0),
    (PaperReciprocalRank(), lambda places, k: 1.0),
]
"""A metric, and the figure of one order: the places in the true order, by rank."""


@pytest.mark.parametrize(("metric", "plain"), TRUE_PLACES)
@given(scores=st.lists(st.integers(0, 2).map(float), min_size=2, max_size=5), k=st.integers(1, 5))
@settings(deadline=None, max_examples=30)
def test_ties_are_the_mean_over_all_orders(metric, plain, scores, k) -> None:
    assert metric.source
    question = Ranked([3.0] * len(scores), scores)
    found = metric.figures(placed_of(question, question), k)
    expected = np.mean([plain(order, k) for order in question.orders()])
    assert found == pytest.approx([expected, expected])


def figure(metric: PlaceMetric, scores: Sequence[float], k: int = 5) -> float:
    return float(metric.figures(placed_of(Ranked([3.0] * len(scores), scores)), k)[0])


def test_a_random_order_has_the_reports_three_figures() -> None:
    chance = [figure(metric, [0] * 5) for metric in (PlaceNdcg(), FirstReciprocalRank(), ReportPrecision())]
    assert chance == pytest.approx([0.8611, 0.4567, 0.6], abs=5e-5)


def test_values_by_hand() -> None:
    best = 3 + 2 / log2(3) + 1 / 2
    assert figure(PlaceNdcg(), [3, 2, 1]) == 1
    assert figure(PlaceNdcg(), [1, 2, 3]) == pytest.approx((1 + 2 / log2(3) + 3 / 2) / best)
    assert figure(FirstReciprocalRank(), [1, 3, 2]) == pytest.approx(1 / 3)
    assert figure(FirstReciprocalRank(), [1, 3, 2], k=2) == 0
    assert figure(ReportPrecision(), [1, 3, 2, 4, 5], k=3) == pytest.approx(0.4)
