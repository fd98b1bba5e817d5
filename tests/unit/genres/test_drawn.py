"""The draws of films: the same for every system on the same films, and the movies of one film together."""

from __future__ import annotations

import numpy as np

from trailerflow.genres.drawn import REPLICATES, film_weights

FILMS = ("b", "a", "b", "c", "d")


def test_the_first_row_is_the_films_as_they_are_and_the_movies_of_a_film_are_drawn_together() -> None:
    weights = film_weights(FILMS, 0)
    assert weights.shape == (1 + REPLICATES, len(FILMS))
    assert weights[0].tolist() == [1, 1, 1, 1, 1]
    np.testing.assert_array_equal(weights[:, 0], weights[:, 2])
    # Four films are drawn four times, whatever the number of their movies.
    assert set(weights[1:, [0, 1, 3, 4]].sum(axis=1).tolist()) == {4.0}


def test_a_film_has_the_same_draws_in_any_order_of_the_movies() -> None:
    order = [4, 2, 0, 1, 3]
    shuffled = film_weights(tuple(FILMS[place] for place in order), 0)
    np.testing.assert_array_equal(shuffled, film_weights(FILMS, 0)[:, order])


def test_one_film_alone_has_no_draws() -> None:
    assert film_weights(("a", "a"), 0).tolist() == [[1, 1]]
