"""Calibration: the curve that made the labels is found again, and a rare genre borrows the slope of all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from trailerflow.genres.calibration import fit_calibration


def drawn(films: int, slopes: list[float], offsets: list[float]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(films, len(slopes)))
    return rng.random(scores.shape) < expit(scores * slopes + np.array(offsets)), scores


def test_the_curve_of_a_genre_with_many_films_is_nearly_that_of_logistic_regression():
    truth, scores = drawn(4000, [2.0, 0.5], [-1.0, 0.3])
    found = fit_calibration(truth, scores)
    for genre in range(2):
        model = LogisticRegression(C=np.inf).fit(scores[:, [genre]], truth[:, genre])
        assert found.slopes[genre] == pytest.approx(model.coef_[0, 0], abs=0.08)
        assert found.offsets[genre] == pytest.approx(model.intercept_[0], abs=0.03)
    np.testing.assert_allclose(
        found.probabilities(scores[:2]), expit(scores[:2] * found.slopes + found.offsets)
    )


def test_the_size_of_the_scores_does_not_matter():
    truth, scores = drawn(500, [2.0, 0.5], [-1.0, 0.3])
    small, large = (fit_calibration(truth, scores * size) for size in (1e-3, 1e3))
    np.testing.assert_allclose(
        small.probabilities(scores * 1e-3), large.probabilities(scores * 1e3), atol=1e-3
    )


def test_a_genre_with_few_positives_has_about_the_slope_of_all_and_its_own_share():
    truth, scores = drawn(1000, [1.5, 1.5, 1.5], [0.0, 0.0, 0.0])
    truth[:, 2] = False
    truth[:3, 2] = True  # whatever their scores
    found = fit_calibration(truth, scores)
    assert found.slopes[2] == pytest.approx(1.5, abs=0.25)
    assert found.probabilities(scores)[:, 2].mean() == pytest.approx(3 / 1000, abs=2e-3)


def test_a_score_that_falls_where_it_should_rise_is_not_turned_round():
    truth, scores = drawn(1000, [2.0, -2.0, 2.0], [0.0, 0.0, 0.0])
    found = fit_calibration(truth, scores)
    assert found.slopes[1] >= 0
    assert found.probabilities(scores)[:, 1].mean() == pytest.approx(truth[:, 1].mean(), abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 30), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.05, 0.5, 1.0]))
def test_any_scores_give_probabilities_that_keep_the_order_of_the_scores(films, seed, share):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(films, 4)) * 10.0 ** rng.integers(-3, 4)
    said = fit_calibration(rng.random(scores.shape) < share, scores).probabilities(scores)
    assert ((said >= 0) & (said <= 1)).all()
    order = np.argsort(scores, axis=0)
    assert (np.diff(np.take_along_axis(said, order, axis=0), axis=0) >= 0).all()
