"""The benchmark's word error rate, by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SPECIFICATION = importlib.util.spec_from_file_location(
    "word_error_rate", Path(__file__).parents[3] / "benchmarks" / "word_error_rate.py"
)
word_error_rate = importlib.util.module_from_spec(SPECIFICATION)


@pytest.fixture(scope="module", autouse=True)
def loaded():
    import sys

    sys.modules["word_error_rate"] = word_error_rate  # dataclasses look their module up
    SPECIFICATION.loader.exec_module(word_error_rate)
    yield
    del sys.modules["word_error_rate"]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors"),
    [
        ("", "", 0),
        ("a b c", "a b c", 0),
        ("a b c", "", 3),
        ("", "a b", 2),
        ("a b c", "a x c", 1),
        ("a b c d", "b c d", 1),
        ("a b c", "x a b c y", 2),
        ("the cat sat on the mat", "the cat sit on mat now", 3),
    ],
)
def test_errors_by_hand(reference, hypothesis, errors):
    assert word_error_rate.word_errors(reference.split(), hypothesis.split()) == errors


def test_words_are_compared_without_case_and_punctuation():
    assert word_error_rate.normalised_words("Don’t — café, MR. 5!") == ["dont", "cafe", "mr", "5"]


def test_the_report_sums_errors_over_all_words():
    clips = [
        word_error_rate.Clip("a", "human", 10, 1, 2, 1.0, 2.0, 10.0),
        word_error_rate.Clip("b", "human", 30, 1, 2, 1.0, 1.0, 10.0),
    ]
    assert word_error_rate.report(clips).splitlines()[-1] == "| all | 40 | 5.0% | 10.0% | 10.0 | 6.7 | 1.50 |"
