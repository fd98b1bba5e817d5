"""What answers score."""

from __future__ import annotations

import math

import pytest

from trailerflow.recommendations.rankers.llm.scoring import yes_no_score


def test_yes_no_score_adds_up_spellings_and_bounds_a_missing_side() -> None:
    logprobs = {"Yes": math.log(0.4), " yes": math.log(0.2), "NO": math.log(0.3), "Maybe": math.log(0.1)}
    assert yes_no_score(logprobs) == pytest.approx(math.log(0.6 / 0.3))
    assert yes_no_score({"Yes": -0.1, "Sure": -4.0}) == pytest.approx(-0.1 - (-5.0))
    assert yes_no_score({"No": -0.1, "Sure": -4.0}) == pytest.approx(-5.0 - (-0.1))
    assert yes_no_score({"Well": -0.1}) is None
    assert yes_no_score({"Yes": -9999.0, "No": 0.0}) == -9999.0  # how some servers write "impossible"
