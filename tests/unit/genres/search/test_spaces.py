"""The spaces of the search for settings of the encoder."""

from __future__ import annotations

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genres.search.spaces import SPACES, space_of


def test_the_reports_space_is_the_reports():
    space = space_of("report")
    rate, decay = space.choices["learning_rate"], space.choices["weight_decay"]
    assert (rate.low, rate.high, rate.log, space.trials) == (1e-5, 5e-5, True, 10)
    assert (decay.low, decay.high) == (0.0, 0.3)
    assert space.choices["batch"].choices == (8, 16, 32)
    with pytest.raises(
        TrailerflowError, match="'mine' is no space of the search; choose one of report, default"
    ):
        space_of("mine")
    assert set(SPACES) == {"report", "default"}
