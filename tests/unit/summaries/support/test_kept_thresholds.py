"""Thresholds of support that were taken for models."""

from __future__ import annotations

import json

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.registers import chosen_class
from trailerflow.summaries.support.contract import MODEL
from trailerflow.summaries.support.kept_thresholds import EVEN, measured_of, read_thresholds
from trailerflow.summaries.support.register import SUPPORTS
from trailerflow.summaries.telling import LeastTelling
from unit.summaries.support.surroundings import ROOT


def test_a_threshold_is_that_of_the_model_and_the_measure(tmp_path):
    path = tmp_path / "thresholds.json"
    telling = {"weight": 0.5, "least": 2, "source": "150 films' labels"}
    entry = {"threshold": -1, "source": "80 films' texts", "telling": telling}
    path.write_text(json.dumps({"small": {"yes_no": entry, "yes_no_words": entry | {"telling": None}}}))
    kept = read_thresholds(path)
    assert measured_of("yes_no", "small", kept).telling == LeastTelling(0.5, 2.0)
    assert measured_of("yes_no_words", "small", kept).telling is None
    assert measured_of("yes_no", "small", kept).threshold == -1.0
    assert measured_of("yes_no", "large", kept).threshold == 0.0
    assert measured_of("yes_no_words", "small", kept).threshold == -1.0


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"a": 1}', '{"a": {"yes_no": 1}}', '{"a": {"yes_no": {"threshold": 1}}}',
     '{"a": {"yes_no": {"threshold": true, "source": "x"}}}', '{"a": {"yes_no": {"threshold": NaN, "source": "x"}}}',
     '{"a": {"yes_no": {"threshold": 1, "source": " "}}}',
     '{"a": {"yes_no": {"threshold": 1, "source": "x", "telling": 1}}}',
     '{"a": {"yes_no": {"threshold": 1, "source": "x", "telling": {"weight": 1, "least": 1}}}}',
     '{"a": {"yes_no": {"threshold": 1, "source": "x", "telling": {"weight": 1, "least": "2", "source": "x"}}}}', '{"a": {"coverage": {"threshold": 1, "source": "x"}}}'],
)  # fmt: skip
def test_damaged_thresholds_are_refused(tmp_path, text):
    path = tmp_path / "thresholds.json"
    path.write_text(text)
    with pytest.raises(TrailerflowError, match=r"thresholds\.json .*restore it from the project"):
        read_thresholds(path)


def test_the_shipped_thresholds_can_be_read():
    kept = read_thresholds(ROOT / "resources/support/thresholds.json")
    assert measured_of("yes_no", "qwen2.5-coder-1.5b-instruct", kept).threshold == 0.0


def test_measures_with_a_threshold_are_those_that_ask_the_model_alone():
    place = "trailerflow.summaries.support.register:SUPPORTS"
    asking = {name for name in SUPPORTS if chosen_class(place, name).needs == {MODEL}}
    assert set(EVEN) == asking
