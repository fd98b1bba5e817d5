"""Films as rows of text, and texts in windows: nothing is lost."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.genres.films import Films
from trailerflow.genres.text_rows import Reading, openings, text_rows
from trailerflow.text import word_count
from trailerflow.text_windows import windows_of

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


def test_texts_apart_are_rows_of_their_own_and_a_film_has_the_mean_of_its_rows():
    rows = text_rows(FILMS, Reading(("synopsis", "transcript"), apart=True))
    assert rows.texts == ["A shark. A sheriff.", "You need a bigger boat.", "Five men."]
    assert rows.sources == ["synopsis", "transcript", "synopsis"]
    assert rows.films.tolist() == [0, 0, 1]
    assert rows.weights.tolist() == [1.0, 1.0, 0.5]
    assert rows.means(np.array([[0.0], [1.0], [5.0]]), 2)[:, 0].tolist() == [0.5, 5.0]


def test_a_source_that_a_film_names_is_kept_and_a_title_that_it_lacks_is_left_out():
    extra = Films(["x", "1"], {"synopsis": ["A plot.", "A shark."]}, sources=["wiki", ""])
    rows = text_rows(extra, Reading(("title", "synopsis")))
    assert (rows.texts, rows.sources) == (["A plot.", "A shark."], ["wiki", "synopsis"])


def test_a_film_whose_texts_are_empty_still_has_a_row():
    films = Films(["1"], {"title": ["Jaws (1975)"], "synopsis": [""]})
    assert text_rows(films, Reading(("synopsis",))).texts == [""]
    assert text_rows(films, Reading(("title",))).texts == ["Jaws (1975)."]


def test_the_opening_of_a_text_ends_with_a_sentence():
    films = openings(FILMS, 3)
    assert films.texts["synopsis"] == ["A shark.", "Five men."]
    assert films.texts["transcript"] == ["You need", ""]
    assert films.texts["title"] == FILMS.texts["title"]
    assert films.weights is FILMS.weights


@given(st.lists(st.sampled_from(["A", "dog", "runs.", "Stop!", "he"]), max_size=40), st.integers(1, 9))
def test_windows_hold_every_word_in_order_and_none_is_too_long(words, most):
    windows = windows_of(" ".join(words), most)
    assert " ".join(windows).split() == words
    assert all(word_count(window) <= most for window in windows)
    assert len(windows) == 1 or all(windows)
