"""Vectors of several sources, each centred on its own mean."""

from __future__ import annotations

import numpy as np

from trailerflow.genres.centred import centred, means_by_source

VECTORS = np.array([[1, 0], [3, 0], [10, 4], [10, 8]], dtype=np.float32)
SOURCES = ["plot", "plot", "speech", "speech"]


def test_each_source_is_centred_on_its_own_mean_and_every_vector_has_unit_length():
    means = means_by_source(VECTORS, SOURCES)
    assert {name: mean.tolist() for name, mean in means.items()} == {
        "plot": [2, 0],
        "speech": [10, 6],
        "": [6, 3],
    }
    assert centred(VECTORS, SOURCES, means).tolist() == [[-1, 0], [1, 0], [0, -1], [0, 1]]


def test_a_source_that_was_not_met_is_centred_on_the_mean_of_all_and_the_mean_itself_is_nothing():
    means = means_by_source(VECTORS, SOURCES)
    found = centred(np.array([[6, 13], [6, 3]], dtype=np.float32), ["new", "new"], means)
    assert found.tolist() == [[0, 1], [0, 0]]
