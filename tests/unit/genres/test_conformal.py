"""Sets of genres keep their promises, by hand and on average over many draws of films."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from trailerflow.genre_names import GENRES
from trailerflow.genres.conformal import (
    FEW_MISSING,
    NONE_MISSING,
    PROMISES,
    Promise,
    choose_threshold,
    untied,
)

HALF = Promise("half of the films", 0.5, all_or_nothing=True)
HALF_OF_GENRES = Promise("half of the genres", 0.5, all_or_nothing=False)


def test_the_thresholds_by_hand() -> None:
    truth = np.array([[True, True], [True, False], [False, True]])
    scores = np.array([[0.9, 0.2], [0.6, 0.8], [0.7, 0.4]])
    # With a fourth film at the largest loss, 1, half of four may miss a genre: one of these three. The lowest scores of
    # their genres are .2, .4 and .6.
    assert choose_threshold(truth, scores, HALF) == 0.4
    # Losses of a half at .2 and .9 and of 1 at .4 and .6: below .4 lies a half, below .6 lie 1.5.
    assert choose_threshold(truth, scores, HALF_OF_GENRES) == 0.4
    # Nine films are needed to promise anything to nine of ten.
    assert choose_threshold(truth, scores, NONE_MISSING) == -np.inf
    assert choose_threshold(np.ones((9, 1), dtype=bool), np.arange(9.0)[:, None], NONE_MISSING) == 0


def test_the_losses_by_hand() -> None:
    truth = np.array([[True, True, False], [False, False, True]])
    sets = np.array([[True, False, True], [True, True, True]])
    assert NONE_MISSING.losses(truth, sets).tolist() == [1, 0]
    assert FEW_MISSING.losses(truth, sets).tolist() == [0.5, 0]


CASES = st.integers(1, 30).flatmap(
    lambda films: st.tuples(
        arrays(bool, (films, 4)), arrays(float, (films, 4), elements=st.sampled_from([0.1, 0.2, 0.5, 0.9]))
    )
)


@settings(max_examples=100, deadline=None)
@given(CASES, st.sampled_from([*PROMISES, HALF, HALF_OF_GENRES]))
def test_no_higher_threshold_keeps_the_promise(case: tuple[np.ndarray, np.ndarray], promise: Promise) -> None:
    truth, scores = case
    truth = truth.copy()
    truth[:, 0] |= ~truth.any(axis=1)
    threshold = choose_threshold(truth, scores, promise)

    def kept(at: float) -> bool:
        return promise.losses(truth, scores >= at).sum() + 1 <= promise.most * (len(truth) + 1) + 1e-9

    assert kept(threshold) or threshold == -np.inf
    for higher in (0.1, 0.2, 0.5, 0.9):
        if higher > threshold:
            assert not kept(higher)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
@pytest.mark.parametrize("levels", [None, 3])
def test_a_promise_is_kept_on_average_and_not_exceeded(promise: Promise, levels: int | None) -> None:
    # Films of one kind, 100 to calibrate on and 100 to test; scores are all different, or of three levels.
    rng = np.random.default_rng(0)
    losses = []
    for draw in range(300):
        truth = rng.random((200, len(GENRES))) < 0.15
        truth[:, 0] |= ~truth.any(axis=1)
        scores = truth + rng.normal(0, 1, truth.shape)
        if levels:
            scores = untied(np.digitize(scores, [0, 1]).astype(float), seed=draw)
        threshold = choose_threshold(truth[:100], scores[:100], promise)
        losses.append(promise.losses(truth[100:], scores[100:] >= threshold).mean())
    error = np.std(losses) / np.sqrt(len(losses))
    assert 0.1 - 2 / 101 - 3 * error < np.mean(losses) < 0.1 + 3 * error


def test_ties_are_broken_between_films_and_the_order_stays() -> None:
    scores = np.array([[0.5, 0.1], [0.5, 0.5], [0.9, 0.1]])
    told = untied(scores, seed=0)
    assert told[1, 0] == told[1, 1] != told[0, 0]
    higher = scores[:, None, :, None] > scores[None, :, None, :]
    assert (told[:, None, :, None] > told[None, :, None, :])[higher].all()
