"""Thresholds of support that were taken for models."""

from __future__ import annotations

import json

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.registers import chosen_class
from trailerflow.summaries.support.contract import MODEL
from trailerflow.summaries.support.kept_thresholds import EVEN, read_thresholds, threshold_of
from trailerflow.summaries.support.register import SUPPORTS
from unit.summaries.support.surroundings import ROOT


def test_a_threshold_is_that_of_the_model_and_the_measure(tmp_path):
    path = tmp_path / "thresholds.json"
    path.write_text(json.dumps({"small": {"yes_no": {"threshold": -1, "source": "80 films' texts"}}}))
    kept = read_thresholds(path)
    assert threshold_of("yes_no", "small", kept) == -1.0
    assert threshold_of("yes_no", "large", kept) == 0.0
    assert threshold_of("yes_no_words", "small", kept) == 0.5


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"a": 1}', '{"a": {"yes_no": 1}}', '{"a": {"yes_no": {"threshold": 1}}}',
     '{"a": {"yes_no": {"threshold": true, "source": "x"}}}', '{"a": {"yes_no": {"threshold": NaN, "source": "x"}}}',
     '{"a": {"yes_no": {"threshold": 1, "source": " "}}}', '{"a": {"coverage": {"threshold": 1, "source": "x"}}}'],
)  # fmt: skip
def test_damaged_thresholds_are_refused(tmp_path, text):
    path = tmp_path / "thresholds.json"
    path.write_text(text)
    with pytest.raises(TrailerflowError, match=r"thresholds\.json .*restore it from the project"):
        read_thresholds(path)


def test_the_shipped_thresholds_can_be_read():
    kept = read_thresholds(ROOT / "resources/support/thresholds.json")
    assert threshold_of("yes_no", "qwen2.5-coder-1.5b-instruct", kept) == 0.0


def test_measures_with_a_threshold_are_those_that_ask_the_model_alone():
    place = "trailerflow.summaries.support.register:SUPPORTS"
    asking = {name for name in SUPPORTS if chosen_class(place, name).needs == {MODEL}}
    assert set(EVEN) == asking
