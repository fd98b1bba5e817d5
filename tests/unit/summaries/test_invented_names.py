"""Names that nobody spoke, in sentences made by hand."""

from __future__ import annotations

import pytest

from trailerflow.summaries.invented_names import invented_names

HEARD = "agent sterling goes to see doctor leck ter in new york max million is there"


@pytest.mark.parametrize(
    ("summary", "names"),
    [
        ("Sarah waits. Then Sarah Connor runs.", ("Sarah", "Sarah Connor")),
        ("Starling meets Lecter in New York.", ()),  # misspelt, in two words, as it was heard
        ("Maximilian is there.", ()),
        ("Clarice Starling waits.", ("Clarice Starling",)),  # one of its words is from memory
        ("Together they run. Following him, Dr. Lecter hides.", ()),
        ("The Nostromo's crew waits.", ("Nostromo",)),
        ("The Alien hunts on Monday, in English.", ()),  # of the title; no names
        ("The plot is as follows: A woman waits. Overall, it is rated PG-13.", ()),
        ("", ()),
    ],
)
def test_names_by_hand(summary, names):
    assert invented_names(summary, HEARD, "Alien (1979)") == names


@pytest.mark.parametrize("summary", ["JACK RUNS.", "他在北京。"])
def test_no_name_is_known_in_capitals_and_in_scripts_without_capitals(summary):
    assert invented_names(summary, "", "") == ()


def test_a_name_is_told_once():
    assert invented_names("Jack runs. Jack hides, and Jack wins.", "", "") == ("Jack",)
