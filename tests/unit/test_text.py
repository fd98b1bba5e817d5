"""Words, sentences, titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.letters import words
from trailerflow.text import (
    compared_words,
    display_title,
    ends_with_a_stop,
    normalised_title,
    plain_words,
    sentences,
    word_count,
)


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


@pytest.mark.parametrize(
    "parts",
    [
        ["他走了。", "她笑了！", "「走吧。」他说。"],
        ["行く。", "Yesと言う！？", "「え？」"],
        ["Он ушёл.", "Она смеётся!"],
        ["वह गया।", "वह हँसी।"],
        ["هل ذهب؟", "نعم."],
        ["وہ گیا۔", "وہ ہنسی۔"],
        ["Vino.", "¿Quién?", "«Yo.", "¡Sí!"],
    ],
)
def test_sentences_end_in_every_script(parts):
    wide = "。" in parts[0]
    assert sentences(("" if wide else " ").join(parts)) == parts
    assert all(map(ends_with_a_stop, parts))
    assert not ends_with_a_stop(f"{parts[0]} {parts[1][:-1]}"[:-1])


def test_lengths_and_comparisons_of_scripts_without_blanks():
    assert (word_count("He didn’t — no."), word_count("他不走。"), word_count("वह नहीं गया।")) == (4, 3, 3)
    assert plain_words("Don’t, René & Ңұр! 我爱你 हिन्दी") == ["dont", "rene", "and", "ңұр", "我爱你", "हिन्दी"]
    assert compared_words("René, 我爱你 हिन्दी") == ["rene", "我", "爱", "你", "हिन्दी"]


@given(st.text())
def test_sentences_lose_no_word(text):
    assert words(" ".join(sentences(text))) == words(text)


@given(st.text())
def test_a_normalised_title_stays_as_it_is(title):
    once = normalised_title(title)
    assert normalised_title(once) == once
