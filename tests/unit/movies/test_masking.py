from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.movies.masking import NEUTRAL, masked

COMMON = st.lists(st.sampled_from(["a", "of", "night", "street", "again", "Mary"]), max_size=6)
WORDS = st.lists(st.sampled_from(["Zebra", "Quartz", "Onyx", "Xylem"]), min_size=2, max_size=3)
CASES = st.sampled_from([str.lower, str.upper, str.title])


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("Die Hard. die-hard! diehard", "Die Hard", "this film. this film! diehard"),
        ("in the heat of Heat, reHeat", "Heat", "in the heat of this film, reHeat"),
        ("HEAT", "Heat", "HEAT"),
        ("the net closes on the Net of The Net, Net worth", "Net, The", "the net closes on this film of this film, Net worth"),
        ("It is It", "It", "It is It"),
        ("the Usual suspects, usual suspects", "Usual Suspects, The", "this film, this film"),
        ("the Postman, Il Postino, a postman", "Postino, Il (Postman, The)", "this film, this film, a postman"),
        ("Schindler’s list and Schindler", "Schindler's List", "this film and Schindler"),
        ("L'Appartement; un Appartement", "Appartement, L'", "this film; un this film"),
        ("Batman Forever and Batman's cave", "Batman (Batman Forever)", "this film and this film's cave"),
        ("anything", "", "anything"),
        ("anything", "!!", "anything"),
    ],
)  # fmt: skip
def test_a_title_gives_way_to_a_neutral_phrase(text, title, expected):
    assert masked(text, title) == expected


@given(COMMON, WORDS, CASES, COMMON, st.sampled_from(["", ", The"]))
def test_a_title_of_several_words_goes_in_any_case_and_all_else_stays(before, words, case, after, article):
    named = case(" ".join(words))
    text = " ".join([*before, named, *after])
    assert masked(text, " ".join(words) + article) == " ".join([*before, NEUTRAL, *after])


@given(COMMON, st.sampled_from(["Speed", "Fargo", "Scream"]), COMMON)
def test_a_title_of_one_word_goes_as_it_is_written_and_its_common_word_stays(before, word, after):
    text = " ".join([*before, word.lower(), word, *after])
    assert masked(text, word) == " ".join([*before, word.lower(), NEUTRAL, *after])


@given(st.text(), st.text())
def test_any_title_and_text_can_be_given(text, title):
    assert isinstance(masked(text, title), str)


@given(st.text(alphabet="abc ,."), WORDS)
def test_a_text_without_the_title_is_untouched(text, words):
    assert masked(text, " ".join(words)) == text
