"""Every metric against scikit-learn, and what its weights mean."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.calibration import calibration_curve as theirs_curve
from sklearn.metrics import (
    average_precision_score,
    coverage_error,
    label_ranking_loss,
    precision_recall_fscore_support,
)

from trailerflow.genre_names import GENRES
from trailerflow.genres.metrics import METRICS
from trailerflow.genres.metrics.calibration import calibration_curve
from trailerflow.genres.metrics.contract import DECISIONS, FEWEST_POSITIVES, Said

pytestmark = pytest.mark.slow

BY_NAME = {metric.name: metric for metric in METRICS}
MANY = settings(max_examples=40, deadline=None)


@st.composite
def said(draw: st.DrawFn, flags: bool = False) -> Said:
    """Up to 12 movies with at least a genre each; scores with ties."""
    movies = draw(st.integers(1, 12))
    truth = draw(arrays(bool, (movies, len(GENRES))))
    truth[:, 0] |= ~truth.any(axis=1)
    grid = st.sampled_from([0.0, 1.0] if flags else [0.05, 0.15, 0.35, 0.5, 0.85, 0.95])
    values = draw(arrays(float, (movies, len(GENRES)), elements=grid))
    return Said(truth, values, np.arange(movies) % 2)


def once(said: Said) -> np.ndarray:
    """Each movie once."""
    return np.ones((1, len(said.truth)), dtype=np.float32)


def figure(name: str, said: Said, label: str) -> float:
    return float(BY_NAME[name].figures(said, once(said))[label][0])


@MANY
@given(said(flags=True))
def test_decisions_equal_scikit_learns(case: Said) -> None:
    predicted = case.values.astype(bool)
    enough = case.truth.sum(axis=0) >= FEWEST_POSITIVES
    by_genre = precision_recall_fscore_support(case.truth, predicted, zero_division=0)
    for place, name in enumerate(("precision", "recall", "f1")):
        for average in ("micro", "samples"):
            theirs = precision_recall_fscore_support(case.truth, predicted, average=average, zero_division=0)
            assert figure(name, case, average.removesuffix("s")) == pytest.approx(theirs[place])
        if enough.any():
            assert figure(name, case, "macro") == pytest.approx(by_genre[place][enough].mean())
        own = [figure(name, case, genre) for genre in GENRES]
        np.testing.assert_allclose(own, np.where(enough, by_genre[place], np.nan))


def average_of(case: Said, average: str | None) -> float | np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of genres without positives
        return average_precision_score(case.truth, case.values, average=average)


@MANY
@given(said())
def test_average_precision_equals_scikit_learns(case: Said) -> None:
    assert figure("average_precision", case, "micro") == pytest.approx(average_of(case, "micro"), abs=1e-6)
    assert figure("average_precision", case, "sample") == pytest.approx(average_of(case, "samples"), abs=1e-6)
    by_genre = average_of(case, None)
    there = case.truth.any(axis=0)
    assert figure("average_precision", case, "macro") == pytest.approx(by_genre[there].mean(), abs=1e-6)
    shown = case.truth.sum(axis=0) >= FEWEST_POSITIVES
    own = [figure("average_precision", case, genre) for genre in GENRES]
    np.testing.assert_allclose(own, np.where(shown, by_genre, np.nan), atol=1e-6)


@MANY
@given(said())
def test_ranking_loss_and_coverage_error_equal_scikit_learns(case: Said) -> None:
    theirs = label_ranking_loss(case.truth, case.values)
    assert figure("ranking_loss", case, "sample") == pytest.approx(theirs)
    assert figure("coverage_error", case, "sample") == pytest.approx(coverage_error(case.truth, case.values))


@MANY
@given(said())
def test_the_calibration_curve_equals_scikit_learns_and_its_error_is_the_mean_gap(case: Said) -> None:
    bins = calibration_curve(case.truth, case.values)
    shares, probabilities = theirs_curve(case.truth.ravel(), case.values.ravel(), n_bins=10)
    np.testing.assert_allclose([each.share for each in bins], shares)
    np.testing.assert_allclose([each.probability for each in bins], probabilities)
    gap = sum(each.decisions * abs(each.share - each.probability) for each in bins) / case.truth.size
    assert figure("calibration_error", case, "micro") == pytest.approx(gap, abs=1e-6)


@MANY
@given(said(), st.data())
def test_a_weight_is_how_often_a_movie_is_there(case: Said, data: st.DataObject) -> None:
    weights = data.draw(arrays(np.float32, len(case.truth), elements=st.sampled_from([0.0, 1.0, 3.0])))
    assume(weights.any())
    rows = np.repeat(np.arange(len(weights)), weights.astype(int))
    for metric in METRICS:
        own = Said(case.truth, np.round(case.values), case.folds) if metric.reads == DECISIONS else case
        again = Said(own.truth[rows], own.values[rows], own.folds[rows])
        drawn = metric.figures(own, weights[None, :])
        for label, theirs in metric.figures(again, once(again)).items():
            # Which genres are shown is told by the films as they are, and not by the draw.
            if label not in (*GENRES, "macro") or ("average" in metric.name and label == "macro"):
                assert drawn[label][0] == pytest.approx(theirs[0], abs=1e-6, nan_ok=True), (
                    metric.name,
                    label,
                )


def test_average_precision_within_folds_is_the_mean_of_the_folds() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((40, len(GENRES))) < 0.3
    case = Said(truth, rng.random(truth.shape), np.arange(40) % 2)
    parts = [Said(truth[fold::2], case.values[fold::2], case.folds[fold::2]) for fold in (0, 1)]
    mean = np.mean([figure("average_precision", part, "macro") for part in parts])
    assert figure("average_precision_within_folds", case, "macro") == pytest.approx(mean)
    # The scores of one fit may lie above the other's: pooled it costs, within folds it does not.
    shifted = Said(truth, case.values + 5 * (case.folds == 0)[:, None], case.folds)
    assert figure("average_precision_within_folds", shifted, "macro") == pytest.approx(mean)
    one_fit = Said(truth, case.values, np.zeros(40, dtype=int))
    assert BY_NAME["average_precision_within_folds"].figures(one_fit, once(one_fit)) == {}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_has_one_figure_a_draw(metric: Callable) -> None:
    rng = np.random.default_rng(2)
    truth = rng.random((12, len(GENRES))) < 0.5
    truth[:, 0] = True
    case = Said(truth, np.round(rng.random(truth.shape)), np.arange(12) % 3)
    weights = rng.integers(0, 3, (7, 12)).astype(np.float32)
    found = metric.figures(case, weights)
    assert found
    assert all(figures.shape == (7,) for figures in found.values())
    assert metric.__doc__ and metric.name
