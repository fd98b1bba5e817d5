"""Words, sentences, titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.text import display_title, normalised_title, sentences, words


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Usual Suspects, The", "The Usual Suspects"),
        ("Postino, Il", "Il Postino"),
        ("Appartement, L'", "L'Appartement"),
        (
            "Like Water For Chocolate (Como agua para chocolate)",
            "Like Water For Chocolate (Como agua para chocolate)",
        ),
        (
            "City of Lost Children, The (Cité des enfants perdus, La)",
            "The City of Lost Children (Cité des enfants perdus, La)",
        ),
        ("Me, Myself & I", "Me, Myself & I"),
    ],
)
def test_the_article_comes_in_front(title, shown):
    assert display_title(title) == shown


def test_spellings_of_one_title_meet():
    assert normalised_title("Léon: The Professional") == normalised_title("leon - the professional")
    assert normalised_title("Romeo & Juliet") == normalised_title("Romeo and Juliet")
    assert normalised_title("Alien") != normalised_title("Aliens")


def test_sentences_end_where_people_end_them():
    assert sentences("One man. One ship! Will they meet? Yes") == [
        "One man.",
        "One ship!",
        "Will they meet?",
        "Yes",
    ]
    assert sentences("at 3.5 miles no. not here") == ["at 3.5 miles no. not here"]
    assert sentences("  ") == []


@given(st.text())
def test_sentences_lose_no_word(text):
    assert words(" ".join(sentences(text))) == words(text)


@given(st.text())
def test_a_normalised_title_stays_as_it_is(title):
    once = normalised_title(title)
    assert normalised_title(once) == once
