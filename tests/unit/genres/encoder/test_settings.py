from __future__ import annotations

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genres.encoder.settings import Settings, settings_of
from trailerflow.genres.encoder.training import course

GIVEN = {"epochs": 1, "learning_rate": 0.1, "tokens": 8, "batch": 4}


def test_what_is_left_out_has_its_default():
    assert settings_of(GIVEN, 3) == Settings(1, 0.1, 8, 4, 3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"epoch": 3}, "no setting 'epoch'; known are at_once, batch"),
        ({"epochs": 0}, "epochs is 0, which needs linear_start: true"),
        ({"epochs": -1}, "epochs is -1; give a whole number, 0 or more"),
        ({"batch": 2.5}, r"batch is 2\.5; give a whole number"),
        ({"at_once": 0}, "at_once is 0"),
        ({"learning_rate": float("nan")}, "learning_rate is nan; give a number from 0 to 1"),
        ({"learning_rate": "1e-4"}, "learning_rate is '1e-4'"),
        ({"warm_up": 1.5}, r"warm_up is 1\.5"),
        ({"loss": "focal"}, "loss is 'focal'; choose one of weighted, asymmetric, plain"),
        ({"start_share": 0.5}, "start_share needs linear_start: true"),
    ],
)
def test_a_wrong_setting_is_named(change, said):
    with pytest.raises(TrailerflowError, match=said):
        settings_of(GIVEN | change, 0)


def test_a_setting_that_is_needed_and_missing_is_named():
    with pytest.raises(TrailerflowError, match="The encoder's settings lack tokens"):
        settings_of({key: value for key, value in GIVEN.items() if key != "tokens"}, 0)


def test_without_warm_up_the_step_size_falls_from_the_start():
    assert [course(4, 0.0)(step) for step in range(5)] == [1.0, 0.75, 0.5, 0.25, 0.0]
