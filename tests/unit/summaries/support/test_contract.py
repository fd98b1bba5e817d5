"""What every measure of support keeps to."""

from __future__ import annotations

import math

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.registers import chosen_class
from trailerflow.summaries.support import support_of
from trailerflow.summaries.support.contract import NOTHING, Beside, Score, checked
from trailerflow.summaries.support.register import SUPPORTS
from trailerflow.summaries.support.windows import Spoken, Window, windows
from unit.summaries.support.surroundings import surroundings

HEIST = Spoken("the bank is surrounded come out with your hands up we have a hostage")
LONG = Spoken(
    " ".join(f"word{number}" for number in range(120)) + " a killer waits in paris",
    [
        {"start": 0.0, "end": 9.0, "text": " ".join(f"word{number}" for number in range(120))},
        {"start": 9.0, "end": 12.5, "text": "a killer waits in paris"},
    ],
)
FILMS = [
    Beside(("The bank is surrounded.", "Sisters inherit an orchard.", "…"), HEIST),
    Beside(("A killer waits in Paris.",), LONG),
    Beside((), HEIST),
    Beside(("He runs.",), Spoken("♪ … ♪")),
]


@pytest.fixture(params=SUPPORTS)
def support(request):
    return support_of(request.param, surroundings(HEIST.text, LONG.text))


def test_a_measure_has_its_name(support):
    assert chosen_class("trailerflow.summaries.support.register:SUPPORTS", support.name) is type(support)
    assert support.needs <= {"encoder", "vectors", "model", "transcripts"}


def test_each_claim_has_a_score_and_its_window(support):
    (spoken, made_up, dots), (waits,), none, (unheard,) = checked(support.scores(FILMS), FILMS, support.name)
    assert spoken.value > made_up.value
    assert none == []
    assert math.isnan(dots.value) and dots.window is None
    assert math.isnan(unheard.value) and unheard.window is None
    assert spoken.window.text in HEIST.text and (spoken.window.start, spoken.window.end) == (None, None)
    assert "killer" in waits.window.text and waits.window.end == 12.5


def test_a_claim_has_the_same_score_in_any_company(support):
    alone = [support.scores([film])[0] for film in FILMS]
    for together, single in zip(support.scores(FILMS[::-1])[::-1], alone, strict=True):
        assert [one.value for one in together] == pytest.approx([one.value for one in single], nan_ok=True)
        assert [one.window for one in together] == [one.window for one in single]


def test_a_score_without_its_window_breaks_the_contract():
    films = [Beside(("He runs.",), HEIST)]
    for wrong in ([], [[]], [[Score(1.0, None)]], [[NOTHING, NOTHING]]):
        with pytest.raises(TrailerflowError, match="measure of support made_up breaks its contract"):
            checked(wrong, films, "made_up")


def test_windows_have_the_times_of_the_segments_they_touch():
    spoken = Spoken(
        "one two three four five",
        [
            {"start": 0.0, "end": 1.0, "text": "one two"},
            {"start": 2.0, "end": 3.0, "text": "three"},
            {"start": 4.0, "end": None, "text": "four five"},
        ],
    )
    assert windows(spoken, 2, 1) == [
        Window("one two", 0.0, 1.0),
        Window("two three", 0.0, 3.0),
        Window("three four", 2.0, None),
        Window("four five", 4.0, None),
    ]
