"""Answers survive kill -9 (20 kills: benchmarks/killed_models.py)."""

from __future__ import annotations

import pytest
from workflow.conftest import Workflow, small_sample

from e2e.killed_models import play

pytestmark = pytest.mark.slow


def test_no_answer_that_had_arrived_is_asked_for_again(tmp_path):
    project = Workflow(tmp_path / "project")
    small_sample(project, subtitles=7)
    project.settings["recommendations"] = {"held_out": 3, "history": 3, "llm_users": 2}
    found = play(project, kills=3, slots=2)
    assert found.settled
    assert found.kills == 3
    assert found.repeated == 0
    assert max(found.in_flight) <= 2
    assert found.requests > found.distinct - 1 > 10
