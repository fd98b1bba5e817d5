"""Films as rows of text: nothing is lost in windows, and the rows of a film share its weight."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.genres.films import Films
from trailerflow.genres.text_rows import Reading, text_rows, windows_of
from trailerflow.text import word_count

FILMS = Films(
    ["1", "2"],
    {
        "title": ["Jaws (1975)", "Usual Suspects, The (1995)"],
        "synopsis": ["A shark. A sheriff.", "Five men."],
        "transcript": ["You need a bigger boat.", ""],
    },
    weights=np.array([1.0, 0.5]),
)


def test_texts_are_joined_behind_the_title():
    rows = text_rows(FILMS, Reading(("title", "synopsis", "transcript")))
    assert rows.texts == [
        "Jaws (1975). A shark. A sheriff. You need a bigger boat.",
        "The Usual Suspects (1995). Five men.",
    ]
    assert rows.sources == ["synopsis+transcript", "synopsis"]
    assert rows.weights.tolist() == [1.0, 0.5]


def test_texts_apart_are_rows_of_their_own_and_their_windows_share_the_weight():
    rows = text_rows(FILMS, Reading(("synopsis", "transcript"), apart=True, window=2))
    assert rows.texts == ["A shark.", "A sheriff.", "You", "need a", "bigger boat.", "Five men."]
    assert rows.sources == ["synopsis"] * 2 + ["transcript"] * 3 + ["synopsis"]
    assert rows.films.tolist() == [0] * 5 + [1]
    np.testing.assert_allclose(rows.weights, [0.5, 0.5, 1 / 3, 1 / 3, 1 / 3, 0.5])
    means = rows.means(np.arange(6.0)[:, None], 2)
    assert means[:, 0].tolist() == [2.0, 5.0]


def test_a_source_that_a_film_names_is_kept_and_a_title_that_it_lacks_is_left_out():
    extra = Films(["x", "1"], {"synopsis": ["A plot.", "A shark."]}, sources=["wiki", ""])
    rows = text_rows(extra, Reading(("title", "synopsis")))
    assert (rows.texts, rows.sources) == (["A plot.", "A shark."], ["wiki", "synopsis"])


def test_a_film_whose_texts_are_empty_still_has_a_row():
    films = Films(["1"], {"title": ["Jaws (1975)"], "synopsis": [""]})
    assert text_rows(films, Reading(("synopsis",))).texts == [""]
    assert text_rows(films, Reading(("title",))).texts == ["Jaws (1975)."]


@given(st.lists(st.sampled_from(["A", "dog", "runs.", "Stop!", "he"]), max_size=40), st.integers(1, 9))
def test_windows_hold_every_word_in_order_and_none_is_too_long(words, most):
    windows = windows_of(" ".join(words), most)
    assert " ".join(windows).split() == words
    assert all(word_count(window) <= most for window in windows)
    assert len(windows) == 1 or all(windows)
