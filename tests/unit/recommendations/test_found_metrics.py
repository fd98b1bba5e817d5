"""Metrics by places: by hand, and as the mean over every order of tied films."""

from __future__ import annotations

from itertools import permutations
from math import log2

import numpy as np
import pytest

from trailerflow.recommendations.found_metrics import found_ndcg, found_recall
from trailerflow.recommendations.ranking_rows import places


def test_without_ties_the_places_count() -> None:
    order, tied = np.array([1, 3, 30]), np.zeros(3, dtype=int)
    best = 1 + 1 / log2(3) + 1 / log2(4)
    assert found_ndcg(order, tied, films=3, k=10) == pytest.approx((1 + 1 / log2(4)) / best)
    assert found_recall(order, tied, films=3, k=10) == pytest.approx(2 / 3)
    assert found_recall(order, tied, films=3, k=2) == pytest.approx(1 / 3)


def test_what_was_no_candidate_is_not_found() -> None:
    nothing = np.array([], dtype=int)
    assert found_ndcg(nothing, nothing, films=2, k=10) == 0
    assert found_recall(nothing, nothing, films=2, k=10) == 0


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_ties_are_the_mean_over_all_orders(k: int) -> None:
    scores = np.array([0.5, 0.9, 0.5, 0.5, 0.1])
    truth = [0, 3, 4]
    order, tied = (place[truth] for place in places(scores))
    gains, shares = [], []
    for shuffled in permutations(range(5)):
        ranked = sorted(shuffled, key=lambda film: -scores[film])  # stable: tied films as they were shuffled
        hits = [rank for rank, film in enumerate(ranked, start=1) if film in truth and rank <= k]
        best = sum(1 / log2(1 + rank) for rank in range(1, min(3, k) + 1))
        gains.append(sum(1 / log2(1 + rank) for rank in hits) / best)
        shares.append(len(hits) / 3)
    assert found_ndcg(order, tied, films=3, k=k) == pytest.approx(np.mean(gains))
    assert found_recall(order, tied, films=3, k=k) == pytest.approx(np.mean(shares))
