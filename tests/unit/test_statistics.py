"""Bootstrap intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from trailerflow.statistics import bootstrap_interval, bootstrap_statistic, centred_interval


def test_the_interval_agrees_with_scipy():
    values = np.random.default_rng(1).normal(size=60)
    ours = bootstrap_interval(values, seed=0, replicates=4000)
    theirs = stats.bootstrap(
        (values,), np.mean, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.03)


def test_the_two_ways_agree():
    values = np.random.default_rng(2).random(30)
    general = bootstrap_statistic(30, lambda index: float(values[index].mean()), seed=3)
    assert general == pytest.approx(bootstrap_interval(values, seed=3), abs=0.02)


@pytest.mark.parametrize("values", [[], [0.5]])
def test_one_unit_says_nothing(values):
    assert all(math.isnan(bound) for bound in bootstrap_interval(values, seed=0))


def test_the_same_seed_gives_the_same_interval():
    assert bootstrap_interval([1, 2, 3], seed=5) == bootstrap_interval([1, 2, 3], seed=5)


def test_draws_that_repetition_favours_are_shifted_to_the_figure():
    draws = np.random.default_rng(0).normal(0.55, 0.02, 4000)
    low, high = centred_interval(0.5, draws)
    assert (low + high) / 2 == pytest.approx(0.5, abs=0.002)
    assert high - low == pytest.approx(2 * 1.96 * 0.02, rel=0.05)


def test_a_shifted_interval_does_not_pass_the_highest_draw():
    low, high = centred_interval(0.9, [1.0, 1.0, 0.4, 1.0])
    assert (low, high) == (pytest.approx(0.4 + 0.6 * 0.075 + 0.05), 1.0)
    assert all(math.isnan(bound) for bound in centred_interval(0.5, [math.nan]))
