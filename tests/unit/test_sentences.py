"""Sentences of summaries, over texts whose boundaries are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.sentences import sentences_of


@pytest.mark.parametrize(
    "parts",
    [
        ["Palmer's boss, Mr. Palmer, is ruthless.", "Ms. Lee waits."],
        ["Then Dr. No came.", "Mr. Who fled!", "Did Mrs. Then see it?", "Lt. Dan did."],
        ["He met J. R. Ewing.", "It cost $3.50 at 5 p.m. on Monday."],
        ['"Stop!" she says.', "He is No. 5."],
        ["他走了。", "她笑了！"],
    ],
)
def test_sentences_end_where_people_end_them(parts):
    wide = parts[0].endswith("。")
    assert sentences_of(("" if wide else " ").join(parts)) == parts


def test_a_text_without_stops_is_one_sentence():
    assert sentences_of("he runs she waits") == ["he runs she waits"]
    assert sentences_of(" \n ") == []


@given(st.text(), st.sampled_from([None, "en", "de", "ja", "xx"]))
def test_sentences_lose_nothing(text, language):
    assert "".join("".join(sentences_of(text, language)).split()) == "".join(text.split())
