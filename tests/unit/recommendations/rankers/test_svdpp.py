"""SVD++, beside the steps of its paper one by one."""

from __future__ import annotations

import numpy as np
import pytest

from trailerflow.recommendations.rankers import svdpp
from trailerflow.recommendations.rankers.svdpp import OfFilms, OfUser, visited


@pytest.mark.parametrize("block", [2, 128])
def test_steps_taken_together_are_those_taken_one_by_one(monkeypatch, block) -> None:
    monkeypatch.setattr(svdpp, "BLOCK", block)
    rng = np.random.default_rng(0)
    count, factors, rate, penalty = 5, 3, 0.2, 0.4
    above, biases = rng.normal(size=(2, count))
    vectors, implied = rng.normal(size=(2, count, factors))
    user, films = visited(
        OfUser(0.3, np.ones(factors)), OfFilms(biases, vectors, implied), above, rate, penalty
    )

    bias, vector, root = 0.3, np.ones(factors), count**-0.5
    biases, vectors, implied = biases.copy(), vectors.copy(), implied.copy()
    for film in range(count):
        both = vector + root * implied.sum(axis=0)
        error = above[film] - bias - biases[film] - vectors[film] @ both
        step = error * vectors[film] - penalty * vector
        steps = error * root * vectors[film] - penalty * implied
        vectors[film] += rate * (error * both - penalty * vectors[film])
        bias += rate * (error - penalty * bias)
        biases[film] += rate * (error - penalty * biases[film])
        vector = vector + rate * step
        implied += rate * steps
    assert user.bias == pytest.approx(bias)
    np.testing.assert_allclose(user.vector, vector)
    for found, expected in zip(films, (biases, vectors, implied), strict=True):
        np.testing.assert_allclose(found, expected)
