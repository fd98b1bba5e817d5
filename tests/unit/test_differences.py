"""Paired differences, Holm's correction and the words for them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from trailerflow.differences import holm, paired_difference, verdict
from trailerflow.statistics import bootstrap_weights


def test_the_difference_of_means_agrees_with_the_paired_t_test():
    values = np.random.default_rng(0).normal(0.1, 1, 400)
    weights = bootstrap_weights(400, seed=1, replicates=4000)
    found = paired_difference(values.mean(), weights @ values / 400, 400)
    theirs = stats.ttest_1samp(values, 0)
    assert found.p_value == pytest.approx(theirs.pvalue, rel=0.15)
    bounds = theirs.confidence_interval()
    assert (found.low, found.high) == pytest.approx((bounds.low, bounds.high), abs=0.01)


def test_the_smallest_difference_is_seen_four_times_in_five():
    # 200 studies of 100 units each, of a true difference as large as the smallest that could have been seen.
    rng = np.random.default_rng(3)
    weights = bootstrap_weights(100, seed=0, replicates=300)
    smallest = (1.96 + 0.84) / 10
    seen = 0
    for _ in range(200):
        values = rng.normal(smallest, 1, 100)
        found = paired_difference(values.mean(), weights @ values / 100, 100)
        assert found.smallest == pytest.approx(smallest, rel=0.4)
        seen += found.p_value < 0.05
    assert 0.72 < seen / 200 < 0.88


def test_few_units_are_never_certain_though_all_agree():
    assert paired_difference(1.0, np.ones(100), 5).p_value == 1 / 16
    assert paired_difference(0.0, np.zeros(100), 50).p_value == 1
    alone = paired_difference(1.0, np.ones(100), 1)
    assert alone.value == 1 and math.isnan(alone.p_value) and math.isnan(alone.smallest)


def test_holm_by_hand():
    # Sorted .005, .01, .03, .04 times 4, 3, 2, 1; .04 may not be below the one before it.
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    corrected = holm([0.02, math.nan, 0.9])
    assert corrected[[0, 2]].tolist() == [0.04, 0.9] and math.isnan(corrected[1])
    assert holm([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_keeps_the_order_and_lies_between_the_p_value_and_bonferronis(p_values):
    corrected = holm(p_values)
    given_values = np.array(p_values)
    assert (corrected >= given_values).all()
    assert (corrected <= np.minimum(given_values * len(p_values), 1)).all()
    assert (np.diff(corrected[np.argsort(given_values, kind="stable")]) >= 0).all()


def test_the_words_for_it():
    assert [verdict(p_value) for p_value in (0.049, 0.05, math.nan)] == ["better", "cannot be told apart", ""]
