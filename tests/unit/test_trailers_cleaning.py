"""Cleaning, trimming and the language of transcripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.letters import words
from trailerflow.trailers.cleaning import clean, is_spoken, trim
from trailerflow.trailers.language import detect_language
from trailerflow.trailers.language_codes import language_code
from trailerflow.trailers.subtitles import parse_subtitles


def cleaned(*texts: str) -> str:
    return clean([{"start": None, "end": None, "text": text} for text in texts])


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("[Music]", ""),
        ("[dramatic\nmusic] Run!", "Run!"),
        ("(applause) Thank you", "Thank you"),
        ("(dramatic music playing)", ""),
        (
            "He left (and this is the part that matters) at dawn.",
            "He left (and this is the part that matters) at dawn.",
        ),
        ("♪ Born to be wild ♪", "Born to be wild"),
        (">> Who are you?\n>> Nobody.", "Who are you? Nobody."),
        ("- Who are you?\n- Nobody.", "Who are you? Nobody."),
        ("– Wer?\n— Ich.", "Wer? Ich."),
        ("-40 degrees", "-40 degrees"),
        ("well-known  words\u200b", "well-known words"),
        ("...", ""),
    ],
)
def test_what_is_not_spoken_goes(text, spoken):
    assert cleaned(text) == spoken


def test_rolling_automatic_captions_are_said_once():
    data = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n \nin<00:00:00.500><c> a</c><00:00:01.000><c> world</c>\n\n"
        "00:02.000 --> 00:02.010\nin a world\n \n\n"
        "00:02.010 --> 00:04.000\nin a world\nwithout<00:00:03.000><c> law</c>\n\n"
        "00:04.000 --> 00:04.010\nwithout law\n \n\n"
        "00:04.010 --> 00:06.000\nwithout law\none<00:00:05.000><c> man</c>\n"
    )
    assert clean(parse_subtitles(data.encode(), ".vtt").segments) == "in a world without law one man"


def test_captions_that_grow_are_said_once():
    assert cleaned("We", "We are", "We are here", "Now") == "We are here Now"


def test_what_is_truly_said_twice_stays():
    assert cleaned("No!", "No!", "Yes.", "Never mind.", "Come in.") == "No! No! Yes. Never mind. Come in."


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("", False),
        ("The end.", False),
        ("Coming this summer", True),
        ("他回来了", True),
        ("धन्यवाद दोस्तों।", False),
        ("मेरे साथ चलो", True),
        ("เขากลับมา", True),
    ],
)
def test_fewer_than_three_words_are_nothing(text, spoken):
    assert is_spoken(text) is spoken


def test_trimming_keeps_whole_sentences():
    text = 'One two three. "Four five six." Seven eight nine.'
    assert trim(text, 8) == 'One two three. "Four five six."'
    assert trim(text, 9) == text
    assert trim(text, 5) == "One two three."


def test_trimming_counts_letters_where_no_blanks_are_between_words():
    assert trim("他回来了。 她不在。快走！", 7) == "他回来了。 她不在。"
    assert trim("他回来了她不在", 3) == "他回来"
    assert trim("他说 OK 就走", 4) == "他说 OK 就"


def test_trimming_cuts_by_words_where_sentences_are_too_long():
    assert trim("one two three four five", 3) == "one two three"
    assert trim("Yes. one two three four five six Seven eight nine", 6) == "Yes. one two three four five"
    with pytest.raises(ValueError, match="at least 1"):
        trim("x", 0)


@given(st.text(st.sampled_from("ab A.!?\"' \n…我。"), max_size=200), st.integers(1, 20))
def test_a_trimmed_text_is_the_beginning_and_no_longer_than_asked(text, limit):
    kept = words(trim(text, limit))
    assert kept == words(text)[: len(kept)]
    assert len(kept) <= limit
    assert 2 * len(kept) >= min(limit, len(words(text)))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello my friends, how are you doing today?", "en"),
        ("HELLO MY FRIENDS, HOW ARE YOU DOING TODAY?", "en"),
        ("Dans un monde sans lois, un seul homme\npeut encore les sauver.", "fr"),
        ("In einer Welt ohne Gesetz kann nur ein Mann sie retten.", "de"),
        ("Hi there", None),
        ("", None),
    ],
)
def test_language_of_a_text(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "en"), ("EN-us", "en"), ("pt_BR", "pt"), ("eng", "en"), ("xx", None), (None, None), ("e", None)],
)
def test_language_of_a_tag(tag, code):
    assert language_code(tag) == code
