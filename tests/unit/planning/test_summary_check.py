"""What reruns a summary because of its check."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from trailerflow.planning.summary_check import check_settings

MODEL = SimpleNamespace(name="ours", model="small", log_probabilities=True)
CHECK = {"ways": ["short"], "measure": "yes_no", "unsupported": "drop", "threshold": None}
KEPT = {"small": {"yes_no": 1.5}}


def test_only_checked_ways_know_of_the_check():
    for check in (CHECK, CHECK | {"threshold": 3, "measure": "yes_no_words", "unsupported": "mark"}):
        assert check_settings(check, "zero_shot", MODEL, KEPT) == "null"


@pytest.mark.parametrize(
    ("more", "kept", "threshold"),
    [({}, KEPT, 1.5), ({}, {}, 0.0), ({"measure": "yes_no_words"}, KEPT, 0.5), ({"threshold": -2}, KEPT, -2)],
)
def test_a_threshold_is_the_users_or_the_models_or_even_odds(more, kept, threshold):
    found = json.loads(check_settings(CHECK | more, "short", MODEL, kept))
    assert found == {
        "measure": more.get("measure", "yes_no"), "threshold": threshold, "unsupported": "drop",
    }  # fmt: skip


def test_a_model_without_log_probabilities_is_asked_for_the_word():
    silent = SimpleNamespace(name="theirs", model="small", log_probabilities=False)
    found = json.loads(check_settings(CHECK | {"threshold": 1.5}, "short", silent, KEPT))
    assert found == {"measure": "yes_no_words", "threshold": 0.5, "unsupported": "drop"}
