"""Words and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.letters import words
from trailerflow.text import (
    compared_words,
    ends_with_a_stop,
    plain_words,
    sentences,
    word_count,
)


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
