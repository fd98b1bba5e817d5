"""The weights of an ensemble: what tells nothing weighs nothing, and two that say the same share their weight."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from trailerflow.errors import TrailerflowError
from trailerflow.genres.films import NO_FILMS, Films, Reads, Training
from trailerflow.genres.systems.ensemble import EnsembleSystem, best_weights

RNG = np.random.default_rng(3)
LOGITS = RNG.normal(size=(600, 18)) * 2
TRUTH = RNG.random(LOGITS.shape) < expit(LOGITS)
NOISE = RNG.normal(size=LOGITS.shape)


def test_the_system_that_is_right_has_the_weight_one_and_noise_has_none():
    right, noise = best_weights(np.stack([LOGITS, NOISE]), TRUTH)
    assert right == pytest.approx(1, abs=0.05)
    assert noise == pytest.approx(0, abs=0.05)
    against, _ = best_weights(np.stack([-LOGITS, NOISE]), TRUTH)
    assert against == 0


def test_two_that_are_half_right_are_better_together():
    one, other = LOGITS + 2 * NOISE, LOGITS - 2 * NOISE
    films = Films(
        [str(place) for place in range(600)], genres=TRUTH, predictions={"one": one, "other": 5 * other - 3}
    )
    system = EnsembleSystem("both", Reads(predictions=("one", "other")))
    system.fit(Training(films), NO_FILMS)
    assert system.weights["one"] == pytest.approx(system.weights["other"], rel=0.1)
    scores = system.predict(films.without_genres()).scores
    assert (
        np.corrcoef(scores.ravel(), LOGITS.ravel())[0, 1]
        > 0.95
        > np.corrcoef(one.ravel(), LOGITS.ravel())[0, 1]
    )
    assert "Weights of the systems' logits: one " in system.told().notes[0]


def test_an_ensemble_of_nothing_is_told():
    with pytest.raises(TrailerflowError, match="The genre system both reads no other system; name some"):
        EnsembleSystem.from_settings("both", Reads(), {}, None, 0)
