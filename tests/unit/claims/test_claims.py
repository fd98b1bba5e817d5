"""Claims: what is parted, what stays whole, and that no word is made up."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.claims import COPIED_WORDS, Claim, claims_of
from trailerflow.text import compared_words


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("Jack robs a bank and flees.", ["Jack robs a bank.", "Jack flees."]),
        ("He asks, but she refuses.", ["He asks.", "She refuses."]),
        ("He waits; the police arrive too late.", ["He waits; the police arrive too late."]),
        ("He waits; his son is late.", ["He waits.", "His son is late."]),
        ("As Dan digs, he finds a map and loses hope.", ["Dan digs.", "He finds a map.", "He loses hope."]),
        ("When Dan arrives, he finds a map.", ["Dan arrives.", "He finds a map."]),
        ("Sam, who was kidnapped, tells all.", ["Sam tells all.", "Sam was kidnapped."]),
        (
            "It follows a girl named Ann who wants to sing.",
            ["It follows a girl named Ann.", "A girl named Ann wants to sing."],
        ),
        ("Sam is a thief who robs banks.", ["Sam is a thief.", "Sam robs banks."]),
        ("Sam must find the man and stop him.", ["Sam must find the man.", "Sam must stop him."]),
        ("They found a map and lost it.", ["They found a map.", "They lost it."]),
        ("They face danger and overcome it.", ["They face danger.", "They overcome it."]),
        (
            "In 1958, Dan, a detective, meets Kim and follows her.",
            ["In 1958, Dan, a detective, meets Kim.", "Dan follows her."],
        ),
        (
            "The film follows Ann as she tracks a killer and catches him.",
            ["The film follows Ann as she tracks a killer.", "She catches him."],
        ),
        ('The plot of "Dave" is as follows: A man is mistaken.', ['The plot of "Dave" is as follows.', "A man is mistaken."]),
    ],
)  # fmt: skip
def test_clauses_become_claims(sentence, claims):
    assert [claim.text for claim in claims_of(sentence)] == claims


@pytest.mark.parametrize(
    "sentence",
    [
        "Jack and Don work together.",
        "He learns that his wife is dead and the police are near.",  # it is what he learns
        "He believes he is Santa and leaves gifts.",  # who leaves is not plain
        "If he loses, she dies and he is left alone.",
        "He must find the man who took it and escapes.",
        "She must use her skill to prove her innocence and win his love.",
        'He says "I rob banks and she drives" to all.',
        "Sam is a man who robs banks.",
        "If he loses, she dies, and he is left alone.",
        "He tests a formula on which he's been working.",
        "Their chance to do away with the man and his wife is gone.",
        "Kirk and Bones are tried by them and sent away.",
        "He wakes a year after he and his wife are murdered.",
        "Things change for Max and John is old.",
        "He may be the only one who can stop her.",
        "A man of hopes and dreams of glory.",
        "THE",
    ],
)
def test_what_is_not_plain_stays_whole(sentence):
    assert [claim.text for claim in claims_of(sentence)] == [sentence]


def test_sentences_are_counted_and_other_languages_are_not_parted():
    assert claims_of("He runs. Ms. Lee sings and sleeps.")[2] == Claim(1, "Ms. Lee sleeps.")
    assert [claim.sentence for claim in claims_of("Er rennt und she waits. Sie kommt.", "de")] == [0, 1]
    assert claims_of("… !") == ()


def test_a_copy_has_eight_words_in_a_row_of_the_transcript():
    said = "one man alone must save the whole wide world tonight"
    eight = " ".join(said.split()[:COPIED_WORDS])
    claims = claims_of(
        f"Hear {eight}, they said. Hear {eight.replace('the', 'a')} far.", transcript=said.upper()
    )
    assert [claim.copied for claim in claims] == [True, False]


PIECES = [
    *[
        "He",
        "she",
        "Jack",
        "who",
        "which",
        "and",
        "but",
        "is",
        "must",
        "robs",
        "flees",
        "a",
        "the",
        "bank",
        "that",
        "as",
        "while",
        "when",
    ],
    *",;'\"().:",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.text(max_size=200))
def test_no_word_is_made_up_and_none_is_lost(summary):
    claims = claims_of(summary)
    said = [word for claim in claims for word in compared_words(claim.text)]
    lost = set(compared_words(summary)) - set(said)
    assert set(said) <= set(compared_words(summary))
    # What joins two clauses goes; a relative pronoun gives way to what it stands for.
    assert {word.strip("'") for word in lost} <= {"and", "but", "who", "which", "as", "while", "when"}


def test_a_text_of_fifty_thousand_words_takes_a_moment():
    start = time.process_time()
    claims_of("and he runs " * 17_000)
    claims_of("He runs and hides, who waits, and she sings. " * 6_000)
    assert time.process_time() - start < 20
