"""Settings with their defaults, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.own_settings import checked_settings

DEFAULTS = {"penalty": 300.0, "seed": 0, "feedback": "explicit", "half_life": None, "reads": []}
LIMITS: dict[str, Any] = {
    "penalty": (0.1, 1e6),
    "seed": (0, 100),
    "feedback": ("explicit", "implicit"),
    "half_life": (0.5, 1000),
}


def test_what_is_left_out_has_its_default_and_a_whole_number_may_stand_for_another():
    given = {"penalty": 10, "half_life": 5, "reads": ["ease"]}
    expected = {"penalty": 10.0, "seed": 0, "feedback": "explicit", "half_life": 5.0, "reads": ["ease"]}
    assert checked_settings("The ranker ease", given, DEFAULTS, LIMITS) == expected


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"penalti": 1}, "The ranker ease has no setting penalti; did you mean penalty"),
        ({"x": 1}, "has no setting x; it has penalty, seed, feedback, half_life, reads"),
        ({"seed": 1.5}, "seed is 1.5; it must be a whole number"),
        ({"seed": True}, "seed is True; it must be a whole number"),
        ({"seed": 101}, "seed is 101; it must be from 0 to 100"),
        ({"penalty": float("nan")}, "penalty is nan; it must be from 0.1 to 1e"),
        ({"penalty": None}, "penalty is None; it must be a number"),
        ({"feedback": "both"}, "feedback is 'both'; choose one of explicit, implicit"),
        ({"half_life": "long"}, "half_life is 'long'; it must be a number"),
        ({"reads": "ease"}, "reads is 'ease'; it must be a list"),
    ],
)
def test_a_wrong_setting_is_told(given, sentence):
    with pytest.raises(TrailerflowError, match=sentence):
        checked_settings("The ranker ease", given, DEFAULTS, LIMITS)
