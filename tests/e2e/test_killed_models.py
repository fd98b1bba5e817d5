"""Answers survive kill -9 (20 kills: benchmarks/killed_models.py)."""

from __future__ import annotations

import pytest

from e2e.killed_models import play

pytestmark = pytest.mark.slow


def test_no_answer_that_had_arrived_is_asked_for_again(finished):
    """The transcripts are there; the hosted model was asked nothing yet."""
    found = play(finished, kills=3, slots=2)
    assert found.settled
    assert found.kills == 3
    assert found.repeated == 0
    assert max(found.in_flight) <= 2
    assert found.requests > found.distinct - 1 > 10
